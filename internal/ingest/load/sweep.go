package load

import (
	"context"
	"slices"
	"strings"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// sweep drops the tables of loads that run no more. A load is alive before it
// makes its first table, so a table without a load is surely left over.
func (l *loader) sweep(ctx context.Context) error {
	c := committer{w: l.Warehouse}
	tables, err := c.strings(ctx, "SELECT name FROM system.tables WHERE database = "+warehouse.Literal(l.Database)+
		" AND startsWith(name, "+warehouse.Literal(tablePrefix)+")")
	if err != nil || len(tables) == 0 {
		return err
	}
	running, err := c.strings(ctx, "SELECT query_id FROM system.processes WHERE startsWith(query_id, "+warehouse.Literal(l.aliveID(""))+")")
	if err != nil {
		return err
	}
	for _, table := range tables {
		id, _, _ := strings.Cut(strings.TrimPrefix(table, tablePrefix), "_")
		if slices.Contains(running, l.aliveID(id)) {
			continue
		}
		drop := "DROP TABLE IF EXISTS " + warehouse.Ident(l.Database) + "." + warehouse.Ident(table) + " SYNC"
		if _, err := l.Warehouse.Exec(ctx, drop); err != nil {
			return err
		}
		l.Logger.Info("dropped a table that a killed load left", "table", table)
	}
	return nil
}
