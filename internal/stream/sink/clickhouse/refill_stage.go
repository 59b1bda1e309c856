package clickhouse

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// refillStage holds rows of a raw table. A raw table that gets columns meanwhile has a
// stage for each set of them.
type refillStage struct {
	name, table string
	columns     []string // those that are filled
	identity    []string // expressions of what tells rows of the stream apart
}

// put inserts a block into its stage.
func (r *Refill) put(ctx context.Context, w *writing, b *block) error {
	st, err := r.stage(ctx, w, b)
	if err != nil {
		return err
	}
	aside := *b
	aside.table = st.name
	if err := aside.insert(ctx, r.s.o.Warehouse, r.s.o.Database, asTheyAre()); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.rows += b.columns.Rows()
	return nil
}

// stage makes the table that a block goes to, if it is not there. The block's columns are
// those that the raw table has now, or fewer.
func (r *Refill) stage(ctx context.Context, w *writing, b *block) (*refillStage, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var columns []string
	for _, c := range b.columns {
		columns = append(columns, c.Name)
	}
	slices.Sort(columns)
	id := b.table + "\x00" + strings.Join(columns, "\x00")
	if st := r.stages[id]; st != nil {
		return st, nil
	}
	st := &refillStage{name: fmt.Sprintf("%s%s_%d", StagePrefix, r.name, len(r.stages)), table: b.table, columns: columns}
	if b.table == RejectsTable {
		st.identity = []string{"table_name", "row_key", "op", "_version", "splitByChar('@', _batch)[1]"}
	} else {
		for _, name := range w.keyOf(b.table) {
			st.identity = append(st.identity, warehouse.Ident(name))
		}
		st.identity = append(st.identity, "_version")
	}
	sql := fmt.Sprintf("CREATE TABLE %s%s AS %s", qualified(r.s.o.Database, st.name), r.s.onCluster(), qualified(r.s.o.Database, b.table))
	if _, err := r.s.o.Warehouse.Exec(ctx, sql); err != nil {
		return nil, fmt.Errorf("make room for the archive's rows of %s: %w", b.table, err)
	}
	r.stages[id] = st
	return st, nil
}

// keyOf is the key of the rows that go into a raw table.
func (w *writing) keyOf(table string) []string {
	for _, sh := range w.shapes {
		if sh.rows != nil && sh.rows.table == table {
			return keyOf(sh.relation)
		}
	}
	return nil
}

func identList(names []string) string {
	quoted := make([]string, len(names))
	for i, name := range names {
		quoted[i] = warehouse.Ident(name)
	}
	return strings.Join(quoted, ", ")
}
