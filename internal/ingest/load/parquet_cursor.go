package load

import (
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/parquet-go/parquet-go"
)

// parquetRows is how many rows are handed out at once: values of so many fit
// into a processor's cache.
const parquetRows = 1024

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

// parquetBatch holds some rows by column, as the file's leaves.
type parquetBatch struct {
	number  uint64 // of the first row
	rows    int
	values  [][]parquet.Value
	pages   []parquet.Page // whose memory the values lie in
	scratch []byte
}

func newParquetBatch(p *parquetFile) *parquetBatch {
	b := &parquetBatch{}
	for range p.leaves {
		b.values = append(b.values, make([]parquet.Value, parquetRows))
	}
	return b
}

// next fills b with the next rows; io.EOF when there are none.
func (c *parquetCursor) next(b *parquetBatch) (err error) {
	b.release()
	c.mu.Lock()
	defer c.mu.Unlock()
	defer recoverParquet(&err)
	for c.left == 0 {
		if c.group == len(c.file.file.RowGroups()) {
			return io.EOF
		}
		c.open(c.file.file.RowGroups()[c.group])
		c.group++
	}
	b.number, b.rows = c.number, int(min(c.left, parquetRows))
	for i, column := range c.columns {
		if err := column.read(b, b.values[i][:b.rows]); err != nil {
			return &readError{fmt.Errorf("is a damaged Parquet file: column %s after row %d: %w", c.file.leaves[i].name, c.number-1, err)}
		}
	}
	c.left -= int64(b.rows)
	c.number += uint64(b.rows)
	return nil
}

// release gives the pages back to the library's pool. The values are not to be
// used any more.
func (b *parquetBatch) release() {
	for _, page := range b.pages {
		parquet.Release(page)
	}
	b.pages = b.pages[:0]
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
	c.close()
	chunks := group.ColumnChunks()
	for _, l := range c.file.leaves {
		c.columns = append(c.columns, &parquetColumn{pages: chunks[l.index].Pages()})
	}
	c.left = group.NumRows()
}

// parquetColumn reads the values of a column in one row group.
type parquetColumn struct {
	pages  parquet.Pages
	page   parquet.Page        // at hand, nil for none
	values parquet.ValueReader // of page
}

// read fills values and lets b hold the pages that they lie in.
func (c *parquetColumn) read(b *parquetBatch, values []parquet.Value) error {
	for len(values) > 0 {
		if c.page == nil {
			page, err := c.pages.ReadPage()
			if errors.Is(err, io.EOF) {
				return io.ErrUnexpectedEOF
			}
			if err != nil {
				return err
			}
			c.page, c.values = page, page.Values()
		}
		parquet.Retain(c.page)
		b.pages = append(b.pages, c.page)
		n, err := c.values.ReadValues(values)
		values = values[n:]
		switch {
		case errors.Is(err, io.EOF):
			c.release()
		case err != nil:
			return err
		}
	}
	return nil
}

func (c *parquetColumn) release() {
	if c.page != nil {
		parquet.Release(c.page)
		c.page, c.values = nil, nil
	}
}
