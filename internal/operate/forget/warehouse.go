package forget

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/tiendi/tiendi/internal/operate/journal"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// Client is the warehouse; *warehouse.Client is one.
type Client interface {
	journal.Warehouse
	InsertStream(ctx context.Context, insert string, r io.Reader, encoding string, opts ...warehouse.Option) (warehouse.Stats, error)
}

// Model is a table that tiendi builds, and nobody else writes to.
type Model struct {
	Built bool
	// ByKey: a run replaces the rows of keys that have changed, and only those.
	ByKey bool
}

// Warehouse is all tables of some databases.
type Warehouse struct {
	Client   Client
	Database string   // where the target's tables are, and ours
	Schemas  []string // all that models are in, Database among them
	// Models are those that are built, by database and name.
	Models map[[2]string]Model
	Dir    string // for the lock file of the run's lease
	// Refills begins the names of the tables in which a backfill out of the archive has rows
	// aside. They are dropped where somebody is in them: the archive has those rows.
	Refills string
	Logger  *slog.Logger

	people *People
	lists  lists
	seen   map[string][]column // key columns that hold something, by table
	// undeclared are texts that have come into raw tables by themselves.
	undeclared []string
	hastened   []*table
}

// Name implements Place.
func (w *Warehouse) Name() string { return "warehouse" }

// unlogged keeps a statement out of the server's log of queries.
func unlogged(more ...map[string]any) warehouse.Option {
	settings := map[string]any{"log_queries": 0}
	for _, m := range more {
		for name, value := range m {
			settings[name] = value
		}
	}
	return warehouse.WithSettings(settings)
}

// withMasked reads rows, too, that a lightweight delete has left on the disk.
var withMasked = map[string]any{"apply_deleted_mask": 0}

func (w *Warehouse) exec(ctx context.Context, sql string, settings ...map[string]any) error {
	_, err := w.Client.Exec(ctx, sql, unlogged(settings...))
	return err
}

// each calls do with each row of a query.
func (w *Warehouse) each(ctx context.Context, sql string, do func(*warehouse.Rows) error, settings ...map[string]any) error {
	rows, err := w.Client.Query(ctx, sql, unlogged(settings...))
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := do(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// schemas are the databases, as literals.
func (w *Warehouse) schemas() string {
	var quoted []string
	for _, s := range w.Schemas {
		quoted = append(quoted, warehouse.Literal(s))
	}
	return strings.Join(quoted, ", ")
}

// tables are all that keep rows but for our own, in the order of their names.
func (w *Warehouse) tables(ctx context.Context) ([]*table, error) {
	sql := fmt.Sprintf(`SELECT t.database, t.name, t.engine, t.engine_full, c.name, c.type,
	c.is_in_partition_key + c.is_in_sorting_key + c.is_in_primary_key + c.is_in_sampling_key > 0, c.default_kind
FROM system.tables AS t INNER JOIN system.columns AS c ON c.database = t.database AND c.table = t.name
WHERE t.database IN (%s) AND t.has_own_data AND NOT t.is_temporary AND NOT startsWith(t.name, %s)
	AND t.engine NOT IN ('MaterializedView', 'Dictionary', 'Buffer', 'Null') AND c.default_kind NOT IN ('ALIAS', 'EPHEMERAL')
ORDER BY t.database, t.name, c.position`, w.schemas(), warehouse.Literal(ownTables))
	var all []*table
	err := w.each(ctx, sql, func(rows *warehouse.Rows) error {
		var t table
		var c column
		var inKey uint8
		var kind string
		if err := rows.Scan(&t.database, &t.name, &t.engine, &t.ddl, &c.name, &c.typ, &inKey, &kind); err != nil {
			return err
		}
		if len(all) == 0 || all[len(all)-1].String() != t.String() {
			t.model = w.Models[[2]string{t.database, t.name}]
			all = append(all, &t)
		}
		c.how, c.inKey, c.computed = holdingOf(c.typ), inKey != 0, kind == "MATERIALIZED"
		last := all[len(all)-1]
		last.columns = append(last.columns, c)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list the warehouse's tables: %w", err)
	}
	w.undeclared = nil
	for _, t := range all {
		source, isRaw := strings.CutSuffix(t.name, "_raw")
		for _, c := range t.columns {
			if isRaw && c.how != nothing && !strings.HasPrefix(c.name, "_") && w.people.isUndeclared(source, c.name) {
				w.undeclared = append(w.undeclared, c.name)
			}
		}
	}
	return all, nil
}

// Look implements Place.
func (w *Warehouse) Look(ctx context.Context, p *People, tell func(string)) (found []Found, notes []string, err error) {
	if err := w.list(ctx, p); err != nil {
		return nil, nil, err
	}
	tables, err := w.tables(ctx)
	if err != nil {
		return nil, nil, err
	}
	w.seen = map[string][]column{}
	var opaqueColumns []string
	for _, t := range tables {
		tell("looking through " + t.name)
		n, err := w.lookAt(ctx, t)
		if warehouse.IsCode(err, warehouse.CodeUnknownTable) {
			continue // a run's own, gone by now
		}
		if err != nil {
			return nil, nil, fmt.Errorf("look through %s: %w", t, err)
		}
		if n > 0 {
			found = append(found, Found{Place: w.Name(), Object: t.String(), Count: n, Unit: "row"})
		}
		for _, c := range t.columns {
			if c.how == opaque {
				opaqueColumns = append(opaqueColumns, t.String()+"."+c.name)
			}
		}
	}
	if len(opaqueColumns) > 0 {
		notes = append(notes, "states of aggregates cannot be looked into: "+strings.Join(opaqueColumns, ", "))
	}
	more, err := w.onDisk(ctx)
	return found, append(notes, more...), err
}

// lookAt counts a table's rows that hold something, those too that are only masked.
func (w *Warehouse) lookAt(ctx context.Context, t *table) (n uint64, err error) {
	where := t.holds(&w.lists, false)
	if where == "" {
		return 0, nil
	}
	var keys []column
	counts := []string{"countIf(" + where + ")"}
	for _, c := range t.columns {
		if sql := c.holds(&w.lists); c.inKey && sql != "" {
			keys, counts = append(keys, c), append(counts, "countIf("+sql+")")
		}
	}
	sql := "SELECT [" + strings.Join(counts, ", ") + "] FROM " + t.sql()
	var got []uint64
	err = w.each(ctx, sql, func(rows *warehouse.Rows) error { return rows.Scan(&got) }, withMasked)
	if err != nil || len(got) == 0 {
		return 0, err
	}
	for i, c := range keys {
		if got[i+1] > 0 {
			w.seen[t.String()] = append(w.seen[t.String()], c)
		}
	}
	return got[0], nil
}
