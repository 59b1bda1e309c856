package materialize

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// maxSeedBytes bounds a seed file. Seeds are kept with the code and held in
// memory whole; what is larger is data to load.
const maxSeedBytes = 128 << 20

// SeedSpec is how a seed's file is to be read.
type SeedSpec struct {
	Delimiter   rune
	ColumnTypes map[string]string
}

// SeedData is a seed's file: a header and rows, all as text.
type SeedData struct {
	Columns []Column // names and ClickHouse types
	Rows    [][]string
}

func (r *reader) seed(s *Spec) {
	delimiter := r.text("delimiter", ",")
	d, size := utf8.DecodeRuneInString(delimiter)
	if size != len(delimiter) || d == utf8.RuneError || d == '"' || d == '\n' || d == '\r' {
		r.fail("delimiter %q: give one character", delimiter)
	}
	s.Seed.Delimiter = d
	s.Seed.ColumnTypes = map[string]string{}
	for name, t := range r.mapping("column_types") {
		s.Seed.ColumnTypes[name] = fmt.Sprint(t)
	}
}

// ReadSeed reads a CSV file (RFC 4180) with a header line and settles the
// types of its columns.
func ReadSeed(in io.Reader, spec SeedSpec) (*SeedData, error) {
	limited := &io.LimitedReader{R: in, N: maxSeedBytes + 1}
	buffered := bufio.NewReader(limited)
	if bom, err := buffered.Peek(3); err == nil && string(bom) == "\ufeff" {
		_, _ = buffered.Discard(3)
	}
	r := csv.NewReader(buffered)
	r.Comma = spec.Delimiter
	header, err := r.Read()
	if errors.Is(err, io.EOF) {
		return nil, errors.New("the file is empty: it needs a header line")
	} else if err != nil {
		return nil, err
	}
	data := &SeedData{}
	seen := map[string]bool{}
	for i, name := range header {
		if name = strings.TrimSpace(name); name == "" || seen[name] {
			return nil, fmt.Errorf("line 1: the name of column %d is missing or taken: %q", i+1, name)
		}
		seen[name] = true
		data.Columns = append(data.Columns, Column{Name: name})
	}
	for name := range spec.ColumnTypes {
		if !seen[name] {
			return nil, fmt.Errorf("column_types names %q, which the file does not have", name)
		}
	}
	if data.Rows, err = r.ReadAll(); err != nil {
		return nil, err
	}
	if limited.N <= 0 {
		return nil, fmt.Errorf("the file is larger than %d MB: seeds are for small tables, use tiendi load", maxSeedBytes>>20)
	}
	data.settleTypes(spec)
	return data, nil
}

// settleTypes infers each column's type from its values, or takes it from
// column_types, and brings the values into the form that ClickHouse reads.
func (d *SeedData) settleTypes(spec SeedSpec) {
	for i := range d.Columns {
		if t := spec.ColumnTypes[d.Columns[i].Name]; t != "" {
			d.Columns[i].Type = t
			for _, row := range d.Rows {
				if isNull(row[i]) {
					row[i] = ""
				}
			}
			continue
		}
		kind := inferType(d.Rows, i)
		for _, row := range d.Rows {
			row[i] = kind.normal(row[i])
		}
		d.Columns[i].Type = kind.name(d.Rows, i)
	}
}
