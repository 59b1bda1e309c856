package clickhouse

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/tiendi/tiendi/internal/warehouse"
	"github.com/tiendi/tiendi/internal/warehouse/native"
)

// block is one INSERT: columns, which may be filled again after Reset.
type block struct {
	table   string
	columns native.Block
	// replicates says that the table does: it cannot remember an insert that it lost.
	replicates bool
}

// insert sends all rows as one block, and does nothing without any. It returns
// once the server has stored them. After an error the columns may still be read.
func (b *block) insert(ctx context.Context, w Warehouse, database string, settings map[string]any) error {
	rows := b.columns.Rows()
	if rows == 0 {
		return nil
	}
	if _, err := w.InsertStream(ctx, b.statement(database), b.columns.Reader(), "", warehouse.WithSettings(settings)); err != nil {
		return fmt.Errorf("insert %d rows into %s: %w", rows, b.table, err)
	}
	return nil
}

// stream sends what is written, blocks one after another, as one insert. It returns once
// the server has stored them and nothing is written any more.
func (b *block) stream(ctx context.Context, w Warehouse, database string, settings map[string]any, write func(io.Writer) error) error {
	out, in := io.Pipe()
	written := make(chan error, 1)
	go func() {
		err := write(in)
		written <- err
		_ = in.CloseWithError(err)
	}()
	_, err := w.InsertStream(ctx, b.statement(database), out, "", warehouse.WithSettings(settings))
	_ = out.Close()
	if cause := <-written; err == nil || !errors.Is(cause, io.ErrClosedPipe) {
		err = cmp.Or(cause, err)
	}
	if err != nil {
		return fmt.Errorf("insert into %s: %w", b.table, err)
	}
	return nil
}

// blockRows are sent at once: a few megabytes. The server puts the blocks of an insert
// together.
const blockRows = 4096

// flushFrom writes the rows as a block and forgets them, where there are so many.
func (b *block) flushFrom(rows int, w io.Writer) error {
	if b.columns.Rows() < rows {
		return nil
	}
	_, err := io.Copy(w, b.columns.Reader())
	b.columns.Reset()
	return err
}

func (b *block) statement(database string) string {
	names := make([]string, len(b.columns))
	for i, c := range b.columns {
		names[i] = warehouse.Ident(c.Name)
	}
	return "INSERT INTO " + qualified(database, b.table) + " (" + strings.Join(names, ", ") + ") FORMAT Native"
}

func qualified(database, table string) string {
	return warehouse.Ident(database) + "." + warehouse.Ident(table)
}
