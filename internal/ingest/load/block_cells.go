package load

import (
	"encoding/binary"
	"slices"

	"github.com/tiendi/tiendi/internal/warehouse/native"
)

// take is how many of the rows of those sizes make b full, or all of them.
func (b *block) take(sizes []int) int {
	rows, bytes := b.rows, b.bytes
	for i, size := range sizes {
		rows, bytes = rows+1, bytes+size
		if rows >= maxBlockRows || bytes >= maxBlockBytes {
			return i + 1
		}
	}
	return len(sizes)
}

// parse stores the parsed columns of rows [from, to), and notes what is wrong
// with a row: the first thing in the order of the columns. Rows that have a
// problem take their place, too, until settle takes it away.
func (b *block) parse(c *cells, from, to int) {
	for i, column := range b.columns {
		values, kinds, why := c.values[i][from:to], c.kinds[i][from:to], c.why[from:to]
		if column.parsed() {
			column.begin()
			column.parseAll(values, kinds, why)
		} else if column.Required {
			column.requireAll(values, kinds, why)
		}
	}
}

func (b *buffer) parseAll(values [][]byte, kinds []valueKind, why []problem) {
	for i, value := range values {
		rows, end := len(b.nulls), len(b.data)
		reason := why[i].reason
		switch {
		case reason != "":
		case kinds[i] == stored:
			b.putStored(value)
		default:
			if reason = fits(&b.Column, kinds[i], value); reason == "" {
				reason = b.put(value)
			}
			if reason != "" {
				why[i] = problem{reason, pointerOf(b.Path, kinds[i])}
			}
		}
		if reason != "" {
			b.nulls, b.data = b.nulls[:rows], b.data[:end]
			b.putStored(zeros[:b.width()])
		}
	}
}

func (b *buffer) requireAll(values [][]byte, kinds []valueKind, why []problem) {
	for i, value := range values {
		if len(value) == 0 && why[i].reason == "" {
			why[i] = problem{reasonMissing, pointerOf(b.Path, kinds[i])}
		}
	}
}

// settle makes the rows of parse that have no problem rows of b, and says how
// many they are. The first of c has that position.
func (b *block) settle(c *cells, from, to int, first uint64) (kept int) {
	why := c.why[from:to]
	spoilt := slices.ContainsFunc(why, func(p problem) bool { return p.reason != "" })
	for i, column := range b.columns {
		if !column.parsed() {
			column.putAll(c.values[i][from:to], why)
		} else if spoilt {
			column.drop(why)
		}
	}
	for i := range why {
		if why[i].reason == "" {
			b.commit(first+uint64(from+i), c.sizes[from+i])
			kept++
		}
	}
	return kept
}

// drop takes away the values of rows that have a problem. There are as many
// since begin as rows.
func (b *buffer) drop(why []problem) {
	width := b.width()
	at, null := b.mark, len(b.nulls)-len(why)
	for i := range why {
		if why[i].reason != "" {
			continue
		}
		at += copy(b.data[at:], b.data[b.mark+i*width:][:width])
		if b.Nullable {
			b.nulls[null] = b.nulls[len(b.nulls)-len(why)+i]
			null++
		}
	}
	b.data = b.data[:at]
	if b.Nullable {
		b.nulls = b.nulls[:null]
	}
}

// putAll is put for a column that is not parsed.
func (b *buffer) putAll(values [][]byte, why []problem) {
	switch b.Kind {
	case Category:
		for i, value := range values {
			if why[i].reason == "" {
				b.putCategory(value)
			}
		}
	case Flag:
		for i, value := range values {
			if why[i].reason == "" {
				b.data = append(b.data, byte(len(value)))
			}
		}
	default:
		for i, value := range values {
			if why[i].reason == "" {
				b.data = native.AppendString(b.data, value)
			}
		}
	}
}

// timeAt is the n-th value since begin of a column of times.
func (b *buffer) timeAt(n int) (millis int64) {
	return int64(binary.LittleEndian.Uint64(b.data[b.mark+8*n:]))
}
