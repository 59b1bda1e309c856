package forget

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/transform/materialize"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// leaseOf is a run's lease, and the names that go with it.
type leaseOf struct {
	*materialize.Lease
	names *materialize.Names
}

// lease says that we are alive, for our temporary tables and holds.
func (w *Warehouse) lease(ctx context.Context) (context.Context, *leaseOf, func(), error) {
	names := materialize.NewNames(strings.ReplaceAll(uuid.NewString(), "-", "")[:12])
	leased, lease, err := materialize.Take(ctx, materialize.LeaseOptions{
		Warehouse: w.Client, Names: names, Schemas: w.Schemas, Dir: w.Dir, Logger: w.Logger,
	})
	if err != nil {
		return nil, nil, nil, err
	}
	return leased, &leaseOf{lease, names}, func() { lease.Release(ctx) }, nil
}

// sweep removes what runs have left that were killed, ours among them: it has old rows.
func (w *Warehouse) sweep(ctx context.Context) error {
	var any []project.Relation
	for _, schema := range w.Schemas {
		any = append(any, project.Relation{Schema: schema, Identifier: ownTables})
	}
	found, err := materialize.Look(ctx, w.Client, any)
	if err != nil {
		return err
	}
	w.Schemas = slices.DeleteFunc(w.Schemas, func(s string) bool { return !found.Databases[s] })
	_, lease, release, err := w.lease(ctx)
	if err != nil {
		return err
	}
	defer release()
	_, err = lease.Sweep(ctx, found.Temporary)
	return err
}

// models rewrites the tables of models.
func (w *Warehouse) models(ctx context.Context, tables []*table, names *materialize.Names, tell func(string)) error {
	tables = slices.DeleteFunc(tables, func(t *table) bool { return !t.model.Built || !t.mergeTree() })
	for _, t := range tables {
		hold, err := materialize.HoldOptions{
			Warehouse: w.Client, Names: names, Target: t.relation(), Timeout: holdTimeout,
			Create:  []materialize.Step{{Role: materialize.Main, SQL: "CREATE TABLE " + materialize.Quote(names.Ticket(t.relation())) + " (open UInt8) ENGINE = Memory"}},
			Waiting: func(run string) { tell("waiting for run " + run + ", which builds " + t.name) },
		}.Take(ctx)
		if err != nil {
			return fmt.Errorf("keep runs away from %s: %w", t, err)
		}
		defer hold.Release(ctx)
	}
	for _, t := range tables {
		tell("rewriting " + t.name)
		if err := w.aside(ctx, t, names); err != nil {
			return fmt.Errorf("rewrite %s: %w", t, err)
		}
	}
	return w.reload(ctx)
}

// reload has dictionaries read their tables again: they hold copies.
func (w *Warehouse) reload(ctx context.Context) error {
	var names []string
	err := w.each(ctx, "SELECT database, name FROM system.dictionaries WHERE database IN ("+w.schemas()+")", func(rows *warehouse.Rows) error {
		var database, name string
		err := rows.Scan(&database, &name)
		names = append(names, warehouse.Ident(database)+"."+warehouse.Ident(name))
		return err
	})
	for _, name := range names {
		if err == nil {
			err = w.exec(ctx, "SYSTEM RELOAD DICTIONARY "+name)
		}
	}
	return err
}
