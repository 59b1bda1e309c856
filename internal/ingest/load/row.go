package load

import "strings"

// valueKind says what a value was in its file.
type valueKind uint8

const (
	absent valueKind = iota
	null
	stored // as the column stores it, of Parquet
	plain  // text without a type, of CSV and Parquet
	jsonString
	jsonNumber
	jsonBool
	jsonObject
	jsonArray
)

// row holds the values of one row as text, by the index of their column.
type row struct {
	values [][]byte
	kinds  []valueKind
}

func newRow(t *Table) *row {
	return &row{values: make([][]byte, len(t.Columns)), kinds: make([]valueKind, len(t.Columns))}
}

func (r *row) reset() {
	clear(r.values)
	clear(r.kinds)
}

func (r *row) set(column int, kind valueKind, value []byte) {
	r.values[column], r.kinds[column] = value, kind
}

// problem says why a row does not fit; its reason is "" when it does.
type problem struct {
	reason  string
	pointer string // JSON pointer or name of the column; "byte 17" for malformed JSON
}

// store converts r and makes it a row of b, or leaves b as it was.
func (b *block) store(r *row) problem {
	b.begin()
	for i, c := range b.columns {
		reason := fits(&c.Column, r.kinds[i], r.values[i])
		switch {
		case reason != "":
		case r.kinds[i] == stored:
			c.putStored(r.values[i])
		default:
			reason = c.put(r.values[i])
		}
		if reason != "" {
			b.undo(i + 1)
			return problem{reason, pointerOf(c.Path, r.kinds[i])}
		}
	}
	return problem{}
}

// fits checks presence and JSON type.
func fits(c *Column, kind valueKind, value []byte) string {
	if c.Required && len(value) == 0 {
		return reasonMissing
	}
	if kind <= plain {
		return ""
	}
	ok := kind == jsonString
	switch c.Kind {
	case Decimal, Int:
		ok = ok || kind == jsonNumber
	case Object:
		ok = kind == jsonObject
	}
	if !ok {
		return reasonWant
	}
	return ""
}

// pointerOf names a value in a reject the way its file does.
func pointerOf(path string, kind valueKind) string {
	if kind == plain || kind == stored {
		return path
	}
	return "/" + strings.ReplaceAll(path, ".", "/")
}
