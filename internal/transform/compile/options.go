package compile

import (
	"context"
	"log/slog"
	"time"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// Options is everything that parsing depends on besides the files.
type Options struct {
	Project *project.Project // the root package and the packages installed in it
	Target  Target
	Vars    map[string]any // --vars
	Flags   Flags
	// LookupEnv answers env_var(); os.LookupEnv in the program.
	LookupEnv    func(string) (string, bool)
	Now          time.Time // run_started_at
	InvocationID string
	CacheDir     string // where the state of a partial parse is kept, "" for none
	Workers      int    // templates rendered at once, 0: one per core
	Logger       *slog.Logger
	Print        func(string) // what templates print(), nil: nowhere

	reads *envLog // environment variables that parsing reads, for the cache
}

// Target is what templates see as target. Secrets have no place in it.
type Target struct {
	Name    string // dev, prod
	Profile string // profile name
	Type    string // "clickhouse"
	Schema  string // default database of the warehouse
	Threads int
	Cluster string         // ON CLUSTER name, "" for none
	Fields  map[string]any // further keys of the profile's output: host, port, user …
}

// Flags is what templates see as flags, and what decides compiling.
type Flags struct {
	FullRefresh   bool
	FailFast      bool
	StoreFailures bool
	Empty         bool   // --empty: every ref and source yields no rows
	Which         string // the subcommand: run, build, compile …
	// Selected says unique ids chosen on the command line
	// (selected_resources), nil while that is unknown.
	Selected []string
	// EventTimeStart and EventTimeEnd bound microbatch runs; zero: unbounded.
	EventTimeStart, EventTimeEnd time.Time
}

// Warehouse is what a template may ask while it is compiled: run_query,
// adapter.get_relation, is_incremental.
type Warehouse interface {
	Query(ctx context.Context, sql string, opts ...warehouse.Option) (*warehouse.Rows, error)
	Exec(ctx context.Context, sql string, opts ...warehouse.Option) (warehouse.Stats, error)
}

// Batch is a slice of event time, half open, in UTC: a microbatch's, or one of
// a backfill.
type Batch struct {
	Start, End time.Time
	// Range says that a backfill asks: any incremental model is then compiled
	// for its slice, with what it reads filtered by event time, and
	// is_incremental() is false unless the model is a microbatch one.
	Range bool
	// Zone is the time zone of days; nil is UTC. Where it is set, event times
	// of type Date begin with the day there.
	Zone *time.Location
	// Fresh says that this batch begins a new table: is_incremental() is false.
	Fresh bool
	ID    string // dbt's batch id: 20240102, 2024010215, 202401, 2024; "" is derived from Start by the node's batch_size
}

// Compiled is a node's SQL, ready for the warehouse.
type Compiled struct {
	// SQL is the select (for tests: the query of failing rows) with the
	// ephemeral models it reads put in front of it as CTEs.
	SQL string
	// Path is where the text belongs below the target folder:
	// compiled/<package>/<path of the file>.
	Path      string
	ExtraCTEs []string // unique ids of the ephemeral models put in front
}
