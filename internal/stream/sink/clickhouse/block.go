package clickhouse

import (
	"context"
	"fmt"
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
	names := make([]string, len(b.columns))
	for i, c := range b.columns {
		names[i] = warehouse.Ident(c.Name)
	}
	sql := "INSERT INTO " + qualified(database, b.table) + " (" + strings.Join(names, ", ") + ") FORMAT Native"
	if _, err := w.InsertStream(ctx, sql, b.columns.Reader(), "", warehouse.WithSettings(settings)); err != nil {
		return fmt.Errorf("insert %d rows into %s: %w", rows, b.table, err)
	}
	return nil
}

func qualified(database, table string) string {
	return warehouse.Ident(database) + "." + warehouse.Ident(table)
}
