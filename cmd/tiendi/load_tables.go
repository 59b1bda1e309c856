package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/tiendi/tiendi/internal/ingest/load"
	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/transform/compile"
	"github.com/tiendi/tiendi/internal/transform/run"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// rawTables creates raw tables from the project's models, as `tiendi run` does.
type rawTables struct{ session *session }

var _ load.Creator = (*rawTables)(nil)

func (r *rawTables) model(name string) (*project.Node, error) {
	for _, n := range r.session.manifest.Nodes {
		if n.Kind == project.Model && n.Name == name {
			return n, nil
		}
	}
	return nil, fmt.Errorf("the project has no model %s, which says what the table of that name is\n  tiendi init makes a project that has it", name)
}

// database is where the raw models put their tables.
func (r *rawTables) database() string {
	if n, err := r.model(load.RejectsTable); err == nil {
		return n.Relation.Schema
	}
	return r.session.settings.Warehouse.Database
}

// Ensure builds those of the models that have no table, or one that whoever made it
// did not finish.
func (r *rawTables) Ensure(ctx context.Context, models ...string) error {
	client, err := r.session.connect(ctx)
	if err != nil {
		return err
	}
	var missing []*project.Node
	for _, name := range models {
		n, err := r.model(name)
		if err != nil {
			return err
		}
		there, err := finished(ctx, client, n)
		if err != nil {
			return err
		}
		if !there {
			missing = append(missing, n)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	state, err := r.session.app.stateDir()
	if err != nil {
		return err
	}
	// Where this process is killed, others need not wait until its lease is old.
	results, err := run.Run(ctx, run.Options{
		LockDir: state, Command: "run", Nodes: missing, Graph: r.session.manifest.Graph, Warehouse: client,
		Cluster:  r.session.settings.Warehouse.Cluster,
		Compiler: func(w compile.Warehouse) run.Compiler { return r.session.manifest.Compiler(w) },
		Schema:   r.session.settings.Warehouse.Database, Root: r.session.manifest.Project.Root(),
		Threads: r.session.settings.Threads, InvocationID: r.session.options.InvocationID,
		Clock: r.session.app.Now, Logger: r.session.app.Log,
	})
	return explainMissing(results, err)
}

// explainMissing says which model failed; the run's own error only counts them.
func explainMissing(results *run.Results, err error) error {
	if !errors.Is(err, run.ErrFailed) {
		return err
	}
	for _, result := range results.Results {
		if result.Failed() {
			err = fmt.Errorf("%s: %w", result.Node.Name, result.Err)
		}
	}
	return err
}

// finished says whether a raw model's table has all that belongs to it: a view that
// fills it comes after the table, and so does the default of ingested_at.
func finished(ctx context.Context, client *warehouse.Client, n *project.Node) (bool, error) {
	there, err := tableExists(ctx, client, n.Relation)
	if err != nil || !there {
		return false, err
	}
	if n.Config.Materialized == "materialized_view" {
		view := n.Relation
		view.Identifier += "_mv"
		return tableExists(ctx, client, view)
	}
	bare, err := queryText(ctx, client, fmt.Sprintf(
		"SELECT toString(count()) FROM system.columns WHERE database = %s AND table = %s AND name = 'ingested_at' AND default_kind = ''",
		warehouse.Literal(n.Relation.Schema), warehouse.Literal(n.Relation.Identifier)))
	return bare == "0", err
}

func tableExists(ctx context.Context, client *warehouse.Client, relation project.Relation) (bool, error) {
	rows, err := client.Query(ctx, "EXISTS TABLE "+warehouse.Ident(relation.Schema)+"."+warehouse.Ident(relation.Identifier))
	if err != nil {
		return false, err
	}
	defer func() { _ = rows.Close() }()
	var there uint8
	for rows.Next() {
		if err := rows.Scan(&there); err != nil {
			return false, err
		}
	}
	return there == 1, rows.Err()
}
