package clickhouse

import (
	"context"
	"fmt"
	"strings"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// truncate deletes what the truncates of an insert took away: whatever key's last version
// is below that of the truncate, and no deletion, gets one. It comes after the rows, also
// those that follow it in the log, since these have higher versions.
//
// A truncate stands in every partition. Each of them covers the keys that are in the
// table by then, its own among them for certain, and those of others that have come: they
// were taken away, too. What another partition writes later of versions below is covered
// by its own copy of the truncate. So partitions need not wait for each other, and done
// again it finds nothing.
func (w *writing) truncate(ctx context.Context) error {
	for _, sh := range w.shapes {
		if sh.truncated == nil {
			continue
		}
		// Keys are read in the table's order: no more than one is in memory.
		_, err := w.s.o.Warehouse.Exec(ctx, sh.truncateSQL(w), warehouse.WithSettings(map[string]any{
			"optimize_aggregation_in_order": 1, "insert_deduplicate": 0, "async_insert": 0,
		}))
		if err != nil {
			return fmt.Errorf("truncate %s at version %v: %w", sh.rows.table, sh.truncated.version.Int(), err)
		}
	}
	return nil
}

func (sh *shape) truncateSQL(w *writing) string {
	var names []string
	for _, name := range keyOf(sh.relation) {
		names = append(names, warehouse.Ident(name))
	}
	key, table := strings.Join(names, ", "), qualified(w.s.o.Database, sh.rows.table)
	version := "toUInt128('" + sh.truncated.version.Int().String() + "')"
	return fmt.Sprintf("INSERT INTO %[1]s (%[2]s, _version, _deleted, _batch, _position) SELECT %[2]s, %[3]s, 1, %[4]s, %[5]d FROM %[1]s"+
		" GROUP BY %[2]s HAVING max(_version) < %[3]s AND argMax(_deleted, _version) = 0",
		table, key, version, warehouse.Literal(w.batch), sh.truncated.position)
}
