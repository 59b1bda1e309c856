package run

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/transform/compile"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// Errors that decide the exit code. Everything else that Run returns means
// that the run could not start or go on.
var (
	// ErrFailed: the run came to its end and at least one node failed.
	ErrFailed = errors.New("at least one node failed")
	// ErrCancelled: the run was cancelled; what had finished stands.
	ErrCancelled = errors.New("the run was cancelled")
)

// Graph is what the scheduler asks of the DAG.
type Graph interface {
	Parents(id string) []string
	Node(id string) *project.Node // nil when there is none
}

// Compiler turns nodes into SQL; *compile.Compiler is one.
type Compiler interface {
	Compile(ctx context.Context, n *project.Node, b *compile.Batch) (compile.Compiled, error)
	Render(ctx context.Context, n *project.Node, template, what string) (string, error)
	RenderWith(ctx context.Context, n *project.Node, template, what string, names map[string]any) (string, error)
}

// Warehouse is where statements are run; *warehouse.Client is one.
type Warehouse interface {
	Exec(ctx context.Context, sql string, opts ...warehouse.Option) (warehouse.Stats, error)
	Query(ctx context.Context, sql string, opts ...warehouse.Option) (*warehouse.Rows, error)
}

// Options is one run.
type Options struct {
	Command string // run, build, test or seed: which kinds of the selected nodes are built
	Nodes   []*project.Node
	Graph   Graph

	Warehouse Warehouse
	Cluster   string // ON CLUSTER name, "" for none
	// Compiler makes the run's compiler over the warehouse it is given, which
	// counts and logs the statements of templates with the rest.
	Compiler func(compile.Warehouse) Compiler

	Schema     string // the target's default database
	Root       *project.Package
	OnRunStart []Operation
	OnRunEnd   []Operation

	Threads       int // nodes at once; 0 is 4
	FailFast      bool
	FullRefresh   bool
	StoreFailures bool
	// EventTimeStart and EventTimeEnd bound microbatch runs; zero: unbounded.
	EventTimeStart, EventTimeEnd time.Time
	// Retry holds the batches of microbatch models that an earlier run did
	// not finish, by unique id; only those are run.
	Retry map[string][]compile.Batch
	// Portions hold what a backfill rebuilds, by unique id. Other nodes are
	// built as always.
	Portions map[string]Portion
	// Done is called when slices of a portion stand in their table and, with no
	// slices, when a node is built. Its error fails the node. nil: nobody.
	Done func(ctx context.Context, n *project.Node, slices []compile.Batch) error

	InvocationID string
	TargetDir    string // artifacts, compiled and run SQL go here; "" writes nothing
	LockDir      string // the run's lock file, by which others see that it was killed; "" is TargetDir
	StatementLog bool   // also write statements.jsonl
	Args         map[string]any
	Version      string

	// LockTimeout is how long to wait for another run that holds a table; 0 is
	// 10 minutes.
	LockTimeout time.Duration

	Clock  func() time.Time
	Logger *slog.Logger
	Events func(Event) // called from one goroutine at a time; nil for none
}

// Operation is a hook of the project: on-run-start or on-run-end.
type Operation struct {
	Package string
	Name    string // operation.<project>.<project>-on-run-start-0
	SQL     string // Jinja not rendered
}
