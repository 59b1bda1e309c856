package run

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/transform/compile"
	"github.com/tiendi/tiendi/internal/transform/materialize"
)

// execution is the building of one node.
type execution struct {
	*runner
	node   *project.Node
	result *Result
	w      *recorder
	spec   materialize.Spec
	begun  bool     // the pre-hooks have run
	left   []func() // what no node has to wait for, in order
}

func (e *execution) run(ctx context.Context) error {
	if e.node.Kind == project.Test {
		return e.test(ctx)
	}
	if e.node.Kind != project.Model && e.node.Kind != project.Seed {
		return fmt.Errorf("%s: %s nodes cannot be built yet", e.node.Place, e.node.Kind)
	}
	spec, notices, err := materialize.ReadSpec(e.node)
	if err != nil {
		return err
	}
	e.spec = spec
	for _, text := range notices {
		e.notice(e.node, "%s", text)
	}
	e.result.Relation = materialize.Quote(e.node.Relation)
	if err := e.build(ctx); err != nil {
		return err
	}
	if err := materialize.Describe(ctx, e.w, e.Cluster, e.node.Relation, spec.Docs); err != nil {
		return err
	}
	if e.result.Status == "" {
		e.result.Status = Success
		e.result.Message = rowsText(e.result.Rows)
		if e.Done != nil {
			return e.Done(ctx, e.node, nil)
		}
	}
	return nil
}

func rowsText(n uint64) string {
	switch n {
	case 0:
		return ""
	case 1:
		return "1 row"
	}
	return fmt.Sprintf("%d rows", n)
}

func (e *execution) build(ctx context.Context) error {
	if e.node.Kind == project.Seed {
		return e.hooked(ctx, e.seed)
	}
	switch e.node.Config.Materialized {
	case "view":
		return e.hooked(ctx, e.view)
	case "table":
		return e.hooked(ctx, e.table)
	case "incremental":
		if p := e.Portions[e.node.UniqueID]; len(p.Slices) > 0 {
			return e.backfill(ctx, p)
		}
		return e.incremental(ctx)
	case "materialized_view":
		return e.materializedView(ctx)
	}
	return fmt.Errorf("%s: unknown materialization %q: use view, table, incremental, materialized_view or ephemeral",
		e.node.Place, e.node.Config.Materialized)
}

func (e *execution) view(ctx context.Context) error {
	return e.rebuild(ctx, func(r materialize.Request) materialize.Plan { return materialize.View(r) })
}

func (e *execution) table(ctx context.Context) error {
	return e.rebuild(ctx, materialize.Table)
}

func (e *execution) rebuild(ctx context.Context, plan func(materialize.Request) materialize.Plan) error {
	compiled, err := e.compile(ctx, nil)
	if err != nil {
		return err
	}
	if err := e.dropFeed(ctx); err != nil {
		return err
	}
	request := e.request(e.found.Relations[e.node.Relation])
	request.SQL = compiled.SQL
	return e.perform(ctx, plan(request))
}

// dropFeed removes the view that is left of a materialized_view model which
// now is something else.
func (e *execution) dropFeed(ctx context.Context) error {
	feed := e.found.Relations[materialize.FeedOf(e.node.Relation)]
	if feed == nil || feed.Engine != "MaterializedView" {
		return nil
	}
	return materialize.DropFeed(ctx, e.w, e.Cluster, e.node.Relation)
}

func (e *execution) seed(ctx context.Context) error {
	path := filepath.Join(e.node.Root, filepath.FromSlash(e.node.Path))
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("read seed %s: %w", e.node.Name, err)
	}
	defer func() { _ = f.Close() }()
	data, err := materialize.ReadSeed(f, e.spec.Seed)
	if err != nil {
		return fmt.Errorf("%s: %w", e.node.Path, err)
	}
	e.result.CompileEnded = e.Clock()
	return e.perform(ctx, materialize.Seed(e.request(e.found.Relations[e.node.Relation]), data))
}

func (e *execution) request(existing *materialize.Found) materialize.Request {
	return materialize.Request{
		Target: e.node.Relation, Spec: e.spec, Existing: existing, Names: e.names, Cluster: e.Cluster,
	}
}

// compile gives the node's SQL and keeps it for the artifacts.
func (e *execution) compile(ctx context.Context, b *compile.Batch) (compile.Compiled, error) {
	compiled, err := e.compiler.Compile(ctx, e.node, b)
	if err != nil {
		return compiled, err
	}
	if b != nil {
		return compiled, nil
	}
	e.result.CompiledSQL, e.result.CompiledPath = compiled.SQL, compiled.Path
	e.result.CompileEnded = e.Clock()
	if e.TargetDir != "" && compiled.Path != "" {
		e.chores.Go(func() error { return compiled.Write(e.TargetDir) })
	}
	if e.spec.Contract {
		err = materialize.CheckContract(ctx, e.w, e.spec, compiled.SQL)
	}
	return compiled, err
}

func (e *execution) perform(ctx context.Context, plan materialize.Plan) error {
	out, err := e.performer().Perform(ctx, plan)
	e.result.Rows += out.Rows
	e.result.Bytes += out.Bytes
	return err
}

func (e *execution) performer() materialize.Performer {
	return materialize.Performer{
		Warehouse: e.w,
		Progress:  func(rows uint64) { e.emit(Event{Kind: NodeProgress, Node: e.node, Rows: rows}) },
		Later:     e.later,
		Warn:      func(err error) { e.notice(e.node, "%s", err) },
	}
}

// fullRefresh says whether an incremental model is to be built anew: its own
// config wins over the flag.
func (e *execution) fullRefresh() bool {
	if len(e.Retry[e.node.UniqueID]) > 0 {
		return false // some of its batches are there already
	}
	if e.Portions[e.node.UniqueID].Whole {
		return true
	}
	if e.node.Config.FullRefresh != nil {
		return *e.node.Config.FullRefresh
	}
	return e.FullRefresh
}

// held takes the node's table for this run alone.
func (e *execution) held(ctx context.Context, create []materialize.Step) (*materialize.Hold, error) {
	return materialize.HoldOptions{
		Warehouse: e.w, Names: e.names, Cluster: e.Cluster, Target: e.node.Relation, Create: create, Timeout: e.LockTimeout,
		Waiting: func(run string) {
			e.notice(e.node, "waiting for run %s, which is changing the table", run)
		},
	}.Take(ctx)
}

var errCameAndWent = errors.New("the table keeps coming and going: another program is changing it")
