package run

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/transform/materialize"
	"golang.org/x/sync/errgroup"
)

// runner is a run under way.
type runner struct {
	Options
	id       string
	names    *materialize.Names
	record   *recorder
	compiler Compiler
	found    *materialize.Surroundings
	nodes    []*project.Node

	mu     sync.Mutex     // of Events
	chores errgroup.Group // what no node waits for: compiled files, replaced versions
	slices chan struct{}  // a place for each microbatch slice in work
}

// Run builds the selected nodes. The results hold what happened also when the
// error is not nil; errors.Is tells ErrFailed and ErrCancelled apart from what
// kept the run from starting. Artifacts are written in every case.
func Run(ctx context.Context, o Options) (*Results, error) {
	r, log := newRunner(o)
	results := &Results{Started: r.Clock()}
	err := r.run(ctx, results)
	results.Finished = r.Clock()
	r.emit(Event{Kind: RunFinished, Results: results})
	if r.TargetDir == "" {
		return results, err
	}
	if log != nil {
		err = errors.Join(err, log.write(filepath.Join(r.TargetDir, "statements.jsonl")))
	}
	return results, errors.Join(err, r.writeResults(results))
}

func newRunner(o Options) (*runner, *statementLog) {
	if o.Threads <= 0 {
		o.Threads = 4
	}
	if o.LockTimeout <= 0 {
		o.LockTimeout = 10 * time.Minute
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	r := &runner{Options: o, id: runID(), slices: make(chan struct{}, o.Threads)}
	r.chores.SetLimit(o.Threads)
	r.names = materialize.NewNames(r.id)
	var log *statementLog
	if o.StatementLog {
		log = &statementLog{}
	}
	r.record = newRecorder(o.Warehouse, r.id, o.Clock, log)
	r.compiler = o.Compiler(r.record)
	return r, log
}

// runID is drawn anew for each run, also where the invocation's id is given:
// names must never meet those of another run.
func runID() string {
	var b [6]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

func (r *runner) run(ctx context.Context, results *Results) error {
	var err error
	if r.nodes, err = r.choose(); err != nil {
		return err
	}
	r.emit(Event{Kind: RunStarted, Total: len(r.nodes)})
	if len(r.nodes) == 0 {
		return nil
	}
	leased, lease, err := r.prepare(ctx)
	if err != nil {
		return cancelled(ctx, err)
	}
	r.perform(leased, results)
	chores := r.chores.Wait()
	verdict := r.verdict(leased, results)
	if lease != nil {
		lease.Release(ctx)
	}
	if verdict == nil || errors.Is(verdict, ErrFailed) {
		verdict = errors.Join(verdict, chores)
	}
	return verdict
}

// perform builds the nodes between the hooks of the project. A hook that
// fails at the start leaves nothing to build on; those of the end run in any
// case but a cancellation.
func (r *runner) perform(ctx context.Context, results *Results) {
	l := &loop{
		dag: newDAG(r.nodes, r.Graph, r.Command == "build"), threads: r.Threads, failFast: r.FailFast,
		build: r.build, emit: r.emit, clock: r.Clock,
	}
	if failed := r.operations(ctx, r.OnRunStart, results); failed != nil {
		l.because = failed
	}
	results.Results = append(results.Results, l.run(ctx)...)
	if ctx.Err() == nil {
		r.operations(ctx, r.OnRunEnd, results)
	}
}

func (r *runner) verdict(ctx context.Context, results *Results) error {
	if ctx.Err() != nil {
		return cancelled(ctx, ctx.Err())
	}
	for _, result := range results.Results {
		if result.Failed() {
			return ErrFailed
		}
	}
	return nil
}

// cancelled says why the context ended, where that is why err came about.
func cancelled(ctx context.Context, err error) error {
	switch cause := context.Cause(ctx); {
	case cause == nil:
		return err
	case errors.Is(cause, context.Canceled):
		return fmt.Errorf("%w: %w", ErrCancelled, cause)
	default:
		return cause
	}
}

// build builds one node and tells of it.
func (r *runner) build(ctx context.Context, n *project.Node, index int, thread string) *Result {
	r.emit(Event{Kind: NodeStarted, Node: n, Index: index, Total: len(r.nodes)})
	result := &Result{Node: n, Started: r.Clock(), Thread: thread}
	e := &execution{runner: r, node: n, result: result, w: r.record.of(n.UniqueID, thread)}
	if err := e.run(withNode(ctx, n.UniqueID)); err != nil {
		result.fail(e.explain(ctx, err))
	}
	if len(e.left) > 0 {
		r.chores.Go(func() error { e.finishUp(); return nil })
	}
	result.Finished = r.Clock()
	if result.CompileEnded.IsZero() {
		result.CompileEnded = result.Finished
	}
	r.emit(Event{Kind: NodeFinished, Node: n, Index: index, Total: len(r.nodes), Result: result})
	return result
}

func (r *runner) emit(e Event) {
	if r.Events == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	e.At = r.Clock()
	r.Events(e)
}

func (r *runner) notice(n *project.Node, format string, args ...any) {
	r.emit(Event{Kind: Notice, Node: n, Message: strings.TrimSpace(fmt.Sprintf(format, args...))})
}
