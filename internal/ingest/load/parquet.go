package load

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/parquet-go/parquet-go"
)

// parquetBatch is how many rows are read at once.
const parquetBatch = 512

// parquetFile is an open Parquet file and how its columns are read.
type parquetFile struct {
	file  *parquet.File
	names []string
	// leaf says for each leaf of the schema which column of the table it is (-1
	// for none) and how its values become text.
	leaves []leaf
}

type leaf struct {
	column int
	name   string
	text   func(dst []byte, v parquet.Value) []byte
}

// openParquet reads the schema. Files that are not Parquet are refused, also
// where the library panics on them.
func openParquet(s *source) (p *parquetFile, err error) {
	defer recoverParquet(&err)
	file, err := parquet.OpenFile(s.file, s.size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
	if err != nil {
		return nil, fmt.Errorf("is not a whole Parquet file: %w", err)
	}
	p = &parquetFile{file: file}
	for _, path := range file.Schema().Columns() {
		p.names = append(p.names, strings.Join(path, "."))
	}
	return p, nil
}

func recoverParquet(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("is a damaged Parquet file: %v", r)
	}
}

func parquetColumns(s *source) ([]string, error) {
	p, err := openParquet(s)
	if err != nil {
		return nil, err
	}
	return p.names, nil
}

// bind finds the table's columns and checks that their types can be read
// without loss.
func (p *parquetFile) bind(t *Table) error {
	var problems []error
	for _, path := range p.file.Schema().Columns() {
		l, _ := p.file.Schema().Lookup(path...)
		name := strings.Join(path, ".")
		bound := leaf{column: t.named(name), name: name}
		if bound.column >= 0 {
			var err error
			if bound.text, err = textOf(t.Columns[bound.column], l.Node); err != nil {
				problems = append(problems, fmt.Errorf("column %s: %w", name, err))
			}
			if l.MaxRepetitionLevel > 0 {
				problems = append(problems, fmt.Errorf("column %s is a list", name))
			}
		}
		p.leaves = append(p.leaves, bound)
	}
	return errors.Join(problems...)
}

// rows gives the rows of one row group to each, with their text in r, which has
// so many bytes and lives until the next call.
func (p *parquetFile) rows(group int, r *row, each func(number uint64, bytes int) error) (err error) {
	defer recoverParquet(&err)
	number := uint64(1)
	for _, before := range p.file.RowGroups()[:group] {
		number += uint64(before.NumRows())
	}
	rows := p.file.RowGroups()[group].Rows()
	defer func() { _ = rows.Close() }()
	buf := make([]parquet.Row, parquetBatch)
	var scratch []byte
	for {
		n, err := rows.ReadRows(buf)
		for _, values := range buf[:n] {
			r.reset()
			scratch = p.fill(values, r, scratch[:0])
			if err := each(number, len(scratch)); err != nil {
				return err
			}
			number++
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return &readError{fmt.Errorf("is a damaged Parquet file: row %d: %w", number, err)}
		}
	}
}

// fill puts the text of one row's values into r.
func (p *parquetFile) fill(values parquet.Row, r *row, scratch []byte) []byte {
	for _, v := range values {
		l := p.leaves[v.Column()]
		if l.column < 0 {
			continue
		}
		from := len(scratch)
		if !v.IsNull() {
			scratch = l.text(scratch, v)
		}
		r.set(l.column, plain, scratch[from:])
	}
	return scratch
}

// check finds text that is not UTF-8, which the other formats' parsers look for.
func (p *parquetFile) check(r *row) problem {
	for _, l := range p.leaves {
		if l.column >= 0 && !utf8.Valid(r.values[l.column]) {
			return problem{reasonUTF8, l.name}
		}
	}
	return problem{}
}

// describe writes the row at hand for a reject: name=value of each column.
func (p *parquetFile) describe(r *row) []byte {
	var b []byte
	for _, l := range p.leaves {
		if l.column < 0 || len(b) > maxRaw {
			continue
		}
		if len(b) > 0 {
			b = append(b, ", "...)
		}
		b = append(append(b, l.name...), '=')
		if r.kinds[l.column] == plain {
			b = strconv.AppendQuote(b, string(r.values[l.column]))
		}
	}
	return b
}
