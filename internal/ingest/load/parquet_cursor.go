package load

import (
	"errors"
	"io"
	"sync"

	"github.com/parquet-go/parquet-go"
)

// parquetRows is how many rows are handed out at once: what is made of so many
// fits into a processor's cache.
const parquetRows = 512

// parquetCursor goes through a file's rows, column by column, and hands them out
// in batches. Workers take turns in reading and work on their batches at once, so
// that also a file of one row group keeps all of them busy.
type parquetCursor struct {
	file *parquetFile

	mu      sync.Mutex
	number  uint64 // of the next row, from 1
	group   int    // the next one
	left    int64  // rows of the one at hand
	columns []*parquetColumn
}

// next fills b with the next rows; io.EOF when there are none.
func (c *parquetCursor) next(b *parquetBatch) (err error) {
	b.release()
	c.mu.Lock()
	defer c.mu.Unlock()
	defer recoverParquet(&err)
	for c.left == 0 {
		c.close()
		if c.group == len(c.file.file.RowGroups()) {
			return io.EOF
		}
		c.open(c.file.file.RowGroups()[c.group])
		c.group++
	}
	b.number, b.rows = c.number, int(min(c.left, parquetRows))
	for i, column := range c.columns {
		if err := column.take(b, i); err != nil {
			return c.file.damaged(i, c.number, err)
		}
	}
	c.left -= int64(b.rows)
	c.number += uint64(b.rows)
	return nil
}

// close gives back what the row group at hand holds.
func (c *parquetCursor) close() {
	for _, column := range c.columns {
		column.release()
		// Pages only give buffers back; the file stays open.
		_ = column.pages.Close()
	}
	c.columns = nil
}

func (c *parquetCursor) open(group parquet.RowGroup) {
	chunks := group.ColumnChunks()
	for _, l := range c.file.leaves {
		c.columns = append(c.columns, &parquetColumn{pages: chunks[l.index].Pages(), present: l.present})
	}
	c.left = group.NumRows()
}

// parquetColumn goes through the pages of a column in one row group.
type parquetColumn struct {
	pages      parquet.Pages
	present    byte
	dictionary *values // of the pages that have one: it is the same for all

	page parquet.Page // at hand, nil for none
	rest part         // of its rows that were not taken yet
}

// take gives b the next rows of the column, its leaf.
func (c *parquetColumn) take(b *parquetBatch, leaf int) error {
	for left := b.rows; left > 0; {
		if c.page == nil {
			if err := c.turn(); err != nil {
				return err
			}
		}
		n := min(left, c.rest.rows)
		parquet.Retain(c.page)
		b.pages = append(b.pages, c.page)
		b.parts[leaf] = append(b.parts[leaf], c.rest.cut(n))
		left -= n
		if c.rest.rows == 0 {
			c.release()
		}
	}
	return nil
}

// turn reads the next page.
func (c *parquetColumn) turn() error {
	page, err := c.pages.ReadPage()
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	if err != nil {
		return err
	}
	c.page = page
	c.rest = part{present: c.present}
	data := page.Data()
	if dictionary := page.Dictionary(); dictionary != nil {
		if c.dictionary == nil {
			c.dictionary = newValues(dictionary.Page().Data(), true)
		}
		c.rest.values, c.rest.places = c.dictionary, data.Int32()
		c.rest.rows = len(c.rest.places)
	} else {
		c.rest.values = newValues(data, false)
		c.rest.rows = c.rest.values.n
	}
	if c.present > 0 {
		c.rest.levels = page.DefinitionLevels()
		c.rest.rows = len(c.rest.levels)
	}
	return nil
}

func (c *parquetColumn) release() {
	if c.page != nil {
		parquet.Release(c.page)
		c.page = nil
	}
}
