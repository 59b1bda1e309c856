package load

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/parquet-go/parquet-go"
)

// parquetFile is an open Parquet file and how its columns are read.
type parquetFile struct {
	file   *parquet.File
	names  []string
	leaves []leaf // those that the table has a column for
}

// leaf is a column of the file that the table has too. Its values are text where
// convert is nil.
type leaf struct {
	index   int // of the file's column
	column  int // of the table's
	name    string
	convert convertFunc
}

// openParquet reads the schema. Files that are not Parquet are refused, also
// where the library panics on them.
func openParquet(s *source) (p *parquetFile, err error) {
	defer recoverParquet(&err)
	file, err := parquet.OpenFile(s.file, s.size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true), parquet.ReadBufferSize(parquetBuffer))
	if err != nil {
		return nil, fmt.Errorf("is not a whole Parquet file: %w", err)
	}
	p = &parquetFile{file: file}
	for _, path := range file.Schema().Columns() {
		p.names = append(p.names, strings.Join(path, "."))
	}
	return p, nil
}

// parquetBuffer is what is read of a column at once, in bytes.
const parquetBuffer = 128 << 10

func recoverParquet(err *error) {
	if r := recover(); r != nil {
		*err = &readError{fmt.Errorf("is a damaged Parquet file: %v", r)}
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
	for i, path := range p.file.Schema().Columns() {
		l, _ := p.file.Schema().Lookup(path...)
		bound := leaf{index: i, column: t.named(p.names[i]), name: p.names[i]}
		if bound.column < 0 {
			continue
		}
		var err error
		if bound.convert, err = convertOf(t.Columns[bound.column], l.Node); err != nil {
			problems = append(problems, fmt.Errorf("column %s: %w", bound.name, err))
		}
		if l.MaxRepetitionLevel > 0 {
			problems = append(problems, fmt.Errorf("column %s is a list", bound.name))
		}
		p.leaves = append(p.leaves, bound)
	}
	return errors.Join(problems...)
}

// fill puts the n-th row of b into r. What r holds lives until the next call.
func (p *parquetFile) fill(b *parquetBatch, n int, r *row) (why problem) {
	r.reset()
	b.scratch = b.scratch[:0]
	for i := range p.leaves {
		l, v := &p.leaves[i], b.values[i][n]
		switch {
		case v.IsNull():
			r.set(l.column, plain, nil)
		case l.convert == nil:
			text := v.ByteArray()
			if !utf8.Valid(text) {
				why = problem{reasonUTF8, l.name}
			}
			r.set(l.column, plain, text)
		default:
			from := len(b.scratch)
			var reason string
			if b.scratch, reason = l.convert(b.scratch, v); reason != "" {
				why = problem{reason, l.name}
			}
			r.set(l.column, stored, b.scratch[from:])
		}
	}
	return why
}

// describe writes the n-th row of b for a reject: name=value of each column.
func (p *parquetFile) describe(b *parquetBatch, n int) (text []byte) {
	for i, l := range p.leaves {
		if len(text) > maxRaw {
			break
		}
		if i > 0 {
			text = append(text, ", "...)
		}
		text = append(append(text, l.name...), '=')
		if v := b.values[i][n]; !v.IsNull() {
			text = strconv.AppendQuote(text, v.String())
		}
	}
	return text
}
