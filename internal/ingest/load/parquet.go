package load

import (
	"errors"
	"fmt"
	"strings"

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
	target  Column
	present byte // the definition level of what is not NULL
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
		bound := leaf{index: i, column: t.named(p.names[i]), name: p.names[i], present: byte(l.MaxDefinitionLevel)}
		if bound.column < 0 {
			continue
		}
		bound.target = t.Columns[bound.column]
		var err error
		if bound.convert, err = convertOf(bound.target, l.Node); err != nil {
			problems = append(problems, fmt.Errorf("column %s: %w", bound.name, err))
		}
		if l.MaxRepetitionLevel > 0 {
			problems = append(problems, fmt.Errorf("column %s is a list", bound.name))
		}
		p.leaves = append(p.leaves, bound)
	}
	return errors.Join(problems...)
}

// store appends a value as a parsed column of the table stores it.
func (l *leaf) store(dst []byte, v *values, place int32) ([]byte, string) {
	if l.convert != nil {
		return l.convert(dst, v, place)
	}
	text := v.at(place)
	if len(text) == 0 {
		return dst, reasonMissing
	}
	return l.target.appendText(dst, text)
}

// damaged says where a column cannot be read.
func (p *parquetFile) damaged(leaf int, row uint64, err error) error {
	return &readError{fmt.Errorf("is a damaged Parquet file: column %s after row %d: %w", p.leaves[leaf].name, row-1, err)}
}
