package run

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tiendi/tiendi/internal/transform/materialize"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// recorder passes statements on to the warehouse. It names them after the
// run, so that another run can end them once this one is dead, and logs them.
type recorder struct {
	w      Warehouse
	prefix string
	clock  func() time.Time
	next   *atomic.Int64
	log    *statementLog // nil: no log
	node   string
	thread string
}

func newRecorder(w Warehouse, run string, clock func() time.Time, log *statementLog) *recorder {
	return &recorder{w: w, prefix: materialize.QueryPrefix(run), clock: clock, next: &atomic.Int64{}, log: log}
}

// of is the recorder for one node's statements.
func (r *recorder) of(node, thread string) *recorder {
	copied := *r
	copied.node, copied.thread = node, thread
	return &copied
}

// options names a statement.
func (r *recorder) options(opts []warehouse.Option) []warehouse.Option {
	return append([]warehouse.Option{warehouse.WithQueryID(fmt.Sprintf("%s%d", r.prefix, r.next.Add(1)))}, opts...)
}

// Exec runs a statement.
func (r *recorder) Exec(ctx context.Context, sql string, opts ...warehouse.Option) (warehouse.Stats, error) {
	start := r.clock()
	stats, err := r.w.Exec(ctx, sql, r.options(opts)...)
	r.record(ctx, sql, start, err)
	return stats, err
}

// Query runs a query. Its time in the log ends when the first block is there.
func (r *recorder) Query(ctx context.Context, sql string, opts ...warehouse.Option) (*warehouse.Rows, error) {
	start := r.clock()
	rows, err := r.w.Query(ctx, sql, r.options(opts)...)
	r.record(ctx, sql, start, err)
	return rows, err
}

func (r *recorder) record(ctx context.Context, sql string, start time.Time, err error) {
	if r.log == nil {
		return
	}
	e := statement{Node: nodeOf(ctx, r.node), Thread: r.thread, Start: start.UTC(), Milliseconds: float64(r.clock().Sub(start).Microseconds()) / 1000, SQL: sql}
	if err != nil {
		e.Error = err.Error()
	}
	r.log.add(e)
}

// statement is a line of statements.jsonl.
type statement struct {
	Node         string    `json:"node"` // unique id; "" for the run itself
	Thread       string    `json:"thread,omitempty"`
	Start        time.Time `json:"start"`
	Milliseconds float64   `json:"duration_ms"`
	SQL          string    `json:"sql"`
	Error        string    `json:"error,omitempty"`
}

// statementLog collects the lines and writes them when the run ends, so that
// keeping it does not slow the run.
type statementLog struct {
	mu    sync.Mutex
	lines []statement
}

func (l *statementLog) add(s statement) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, s)
}

func (l *statementLog) write(path string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return writeAtomically(path, func(e *json.Encoder) error {
		for _, line := range l.lines {
			if err := e.Encode(line); err != nil {
				return err
			}
		}
		return nil
	})
}

type nodeKey struct{}

// withNode names the node whose template is being compiled, since a compiler
// is shared by all of them.
func withNode(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, nodeKey{}, id)
}

func nodeOf(ctx context.Context, otherwise string) string {
	if id, ok := ctx.Value(nodeKey{}).(string); ok && otherwise == "" {
		return id
	}
	return otherwise
}
