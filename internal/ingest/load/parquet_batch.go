package load

import (
	"strconv"
	"unicode/utf8"

	"github.com/parquet-go/parquet-go"
)

// parquetBatch holds some rows by column, as they lie in the file's pages.
type parquetBatch struct {
	number uint64 // of the first row
	rows   int
	parts  [][]part       // of each leaf
	pages  []parquet.Page // whose memory the values lie in

	cells   *cells
	places  []int32 // of a part at hand
	scratch []byte  // what converted values lie in
}

func newParquetBatch(p *parquetFile, t *Table) *parquetBatch {
	return &parquetBatch{
		parts: make([][]part, len(p.leaves)),
		cells: newCells(t, parquetRows), places: make([]int32, parquetRows),
	}
}

// release gives the pages back to the library's pool. Nothing of b is to be used
// any more.
func (b *parquetBatch) release() {
	for _, page := range b.pages {
		parquet.Release(page)
	}
	clear(b.pages)
	b.pages = b.pages[:0]
	for i := range b.parts {
		clear(b.parts[i])
		b.parts[i] = b.parts[i][:0]
	}
}

// spread fills b's cells from its pages.
func (b *parquetBatch) spread(p *parquetFile) error {
	b.cells.reset(b.rows)
	b.scratch = b.scratch[:0]
	for i := range p.leaves {
		from := 0
		for _, part := range b.parts[i] {
			places := b.places[:part.rows]
			err := part.values.prepare(&p.leaves[i])
			if err == nil {
				err = part.spread(places)
			}
			if err != nil {
				return p.damaged(i, b.number+uint64(from), err)
			}
			b.fill(&p.leaves[i], part.values, places, from)
			from += part.rows
		}
	}
	return nil
}

// fill gives the cells of l from that row on the values at places.
func (b *parquetBatch) fill(l *leaf, v *values, places []int32, from int) {
	texts, kinds := b.cells.values[l.column][from:], b.cells.kinds[l.column][from:]
	why, sizes := b.cells.why[from:], b.cells.sizes[from:]
	for i, place := range places {
		if place < 0 {
			texts[i], kinds[i] = nil, null
			continue
		}
		if s := v.table.at(place); s != nil {
			texts[i], kinds[i] = s, stored
		} else if l.convert != nil {
			before := len(b.scratch)
			var reason string
			if b.scratch, reason = l.convert(b.scratch, v, place); reason != "" {
				why[i] = problem{reason, l.name}
			}
			texts[i], kinds[i] = b.scratch[before:], stored
		} else {
			texts[i], kinds[i] = v.at(place), plain
			if !v.utf8 && !utf8.Valid(texts[i]) {
				why[i] = problem{reasonUTF8, l.name}
			}
		}
		sizes[i] += len(texts[i])
	}
}

// describe writes the n-th row for a reject: name=value of each column.
func (b *parquetBatch) describe(p *parquetFile, n int) (text []byte) {
	for i, l := range p.leaves {
		if len(text) > maxRaw {
			break
		}
		if i > 0 {
			text = append(text, ", "...)
		}
		text = append(append(text, l.name...), '=')
		from := 0
		for _, part := range b.parts[i] {
			if n < from+part.rows {
				if place := part.place(n - from); place >= 0 {
					text = strconv.AppendQuote(text, part.values.describe(place))
				}
				break
			}
			from += part.rows
		}
	}
	return text
}
