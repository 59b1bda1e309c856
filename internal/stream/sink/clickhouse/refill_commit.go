package clickhouse

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// Rows is how many are held aside.
func (r *Refill) Rows() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.rows
}

// Aside is how many changes do not fit their raw tables, or have none, and why.
func (r *Refill) Aside() (changes int, refused error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.aside, r.refused
}

// Commit moves what is missing into the raw tables, performs truncates, and begins anew.
// The changes of a partition must come in the order of the log, Commit by Commit.
func (r *Refill) Commit(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, id := range slices.Sorted(maps.Keys(r.stages)) {
		if err := r.move(ctx, r.stages[id]); err != nil {
			return err
		}
	}
	if err := r.s.truncate(ctx, r.truncations); err != nil {
		return err
	}
	r.truncations, r.rows = nil, 0
	return r.close(ctx)
}

// move inserts what a raw table lacks of a stage. It is no single step, and need not be:
// what it leaves out when it is stopped is missing the next time.
func (r *Refill) move(ctx context.Context, st *refillStage) error {
	_, err := r.s.o.Warehouse.Exec(ctx, moveSQL(r.s.o.Database, st), warehouse.WithSettings(asTheyAre()))
	if err != nil {
		return fmt.Errorf("bring rows of the archive into %s: %w", st.table, err)
	}
	return nil
}

func moveSQL(database string, st *refillStage) string {
	identity, columns := strings.Join(st.identity, ", "), identList(st.columns)
	raw, stage := qualified(database, st.table), qualified(database, st.name)
	return fmt.Sprintf(`INSERT INTO %[1]s (%[2]s) SELECT %[2]s FROM %[3]s
WHERE (%[4]s) NOT IN (SELECT %[4]s FROM %[1]s WHERE NOT endsWith(_batch, %[5]s) AND (%[4]s) IN (SELECT %[4]s FROM %[3]s))
AND (_batch, _position) NOT IN (SELECT _batch, _position FROM %[1]s WHERE _batch IN (SELECT _batch FROM %[3]s))`,
		raw, columns, stage, identity, warehouse.Literal(archiveSuffix))
}

// Close removes what is held aside.
func (r *Refill) Close(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.close(ctx)
}

func (r *Refill) close(ctx context.Context) error {
	var problems error
	for id, st := range r.stages {
		if err := r.drop(ctx, st.name); err != nil {
			problems = errors.Join(problems, err)
			continue
		}
		delete(r.stages, id)
	}
	return problems
}

func (r *Refill) drop(ctx context.Context, name string) error {
	if _, err := r.s.o.Warehouse.Exec(ctx, "DROP TABLE IF EXISTS "+qualified(r.s.o.Database, name)+r.s.onCluster()+" SYNC"); err != nil {
		return fmt.Errorf("remove the table %s of rows of the archive: %w", name, err)
	}
	return nil
}
