package run

import (
	"context"
	"fmt"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/transform/datatest"
	"github.com/tiendi/tiendi/internal/transform/materialize"
)

// test runs one data test.
func (e *execution) test(ctx context.Context) error {
	spec, err := datatest.ReadSpec(e.node)
	if err != nil {
		return err
	}
	spec.Store = e.storesFailures(e.node)
	compiled, err := e.compile(ctx, nil)
	if err != nil {
		return err
	}
	sql := compiled.SQL
	if spec.Store {
		e.result.Relation = materialize.Quote(e.node.Relation)
		if err := e.storeFailures(ctx, spec, sql); err != nil {
			return err
		}
		sql = "SELECT * FROM " + e.result.Relation
		spec.Limit = ""
	}
	outcome, err := datatest.Run(ctx, e.w, spec, sql)
	if err != nil {
		return err
	}
	e.result.Failures = &outcome.Failures
	e.result.Status = Status(outcome.Verdict)
	e.result.Message = outcome.Message
	if spec.Store && e.result.Status != Pass {
		e.result.Message += fmt.Sprintf("\n  see: SELECT * FROM %s", e.result.Relation)
	}
	return nil
}

// storeFailures keeps the failing rows in a table or view of their own.
func (e *execution) storeFailures(ctx context.Context, spec datatest.Spec, sql string) error {
	r := e.request(e.found.Relations[e.node.Relation])
	r.Spec = materialize.Spec{Engine: "MergeTree()"}
	r.SQL = spec.Limited(sql)
	if spec.StoreAs == "view" {
		return e.perform(ctx, materialize.View(r))
	}
	return e.perform(ctx, materialize.Table(r))
}

// storesFailures says whether a test keeps its failing rows. Its own config
// wins over the flag.
func (r *runner) storesFailures(n *project.Node) bool {
	if n.Relation.Identifier == "" {
		return false
	}
	return datatest.Stores(n, r.StoreFailures)
}
