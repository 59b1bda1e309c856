package run

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/transform/materialize"
)

// choose keeps the selected nodes that the command is about.
func (r *runner) choose() ([]*project.Node, error) {
	kinds := map[string][]project.Kind{
		"run":   {project.Model},
		"seed":  {project.Seed},
		"test":  {project.Test, project.UnitTest},
		"build": {project.Model, project.Seed, project.Test, project.UnitTest, project.Snapshot},
	}[r.Command]
	if kinds == nil {
		return nil, fmt.Errorf("unknown command %q: use run, build, test or seed", r.Command)
	}
	var nodes []*project.Node
	for _, n := range r.Nodes {
		for _, k := range kinds {
			if n.Kind == k && n.Config.Materialized != "ephemeral" {
				nodes = append(nodes, n)
			}
		}
	}
	return nodes, nil
}

// prepare looks around once for all nodes, makes what databases are missing,
// takes the run's lease and sweeps what dead runs have left.
func (r *runner) prepare(ctx context.Context) (context.Context, *materialize.Lease, error) {
	names := r.targets()
	var err error
	if r.found, err = materialize.Look(ctx, r.record, names); err != nil || len(names) == 0 {
		return ctx, nil, err
	}
	var schemas []string
	for _, n := range names {
		if !slices.Contains(schemas, n.Schema) {
			schemas = append(schemas, n.Schema)
		}
	}
	for _, s := range schemas {
		if r.found.Databases[s] {
			continue
		}
		if _, err := r.record.Exec(ctx, materialize.CreateDatabase(s, r.Cluster)); err != nil {
			return ctx, nil, fmt.Errorf("create database %s: %w", s, err)
		}
	}
	leased, lease, err := materialize.Take(ctx, materialize.LeaseOptions{
		Warehouse: r.record, Names: r.names, Cluster: r.Cluster, Schemas: schemas, Dir: cmp.Or(r.LockDir, r.TargetDir), Logger: r.Logger,
	})
	if err != nil {
		return ctx, nil, err
	}
	if _, err := lease.Sweep(ctx, r.found.Temporary); err != nil {
		lease.Release(ctx)
		return ctx, nil, err
	}
	return leased, lease, nil
}

// targets are the relations that the run may build, and views that may be
// left beside them.
func (r *runner) targets() []project.Relation {
	var names []project.Relation
	for _, n := range r.nodes {
		if n.Relation.Identifier != "" && (n.Kind != project.Test || r.storesFailures(n)) {
			names = append(names, n.Relation)
			if n.Kind == project.Model {
				names = append(names, materialize.FeedOf(n.Relation))
			}
		}
	}
	return names
}
