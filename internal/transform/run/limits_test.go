package run

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/transform/compile"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// client connects to the shop's engine with other settings.
func (s *shop) withSettings(settings map[string]any) *warehouse.Client {
	s.t.Helper()
	config := s.client.Config()
	config.Settings = settings
	client, err := warehouse.Open(s.t.Context(), config)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = client.Close() })
	return client
}

// The server's guard against dropping large tables by mistake does not keep
// the versions that a run has replaced.
func TestReplacedTablesAboveTheDropLimit(t *testing.T) {
	s := open(t)
	guarded := s.withSettings(map[string]any{"max_table_size_to_drop": 1, "max_partition_size_to_drop": 1})
	s.model("plain", "table", "SELECT number AS k FROM numbers(100)", nil)
	s.model("keyed", "incremental", "SELECT number AS k FROM numbers(100)", map[string]any{"unique_key": "k"})
	s.model("overwritten", "incremental", "SELECT number AS k FROM numbers(100)", map[string]any{"incremental_strategy": "insert_overwrite", "partition_by": "k % 2"})
	s.model("sliced", "incremental", "SELECT toDateTime('@start', 'UTC') + number AS at FROM numbers(10)", map[string]any{
		"incremental_strategy": "microbatch", "event_time": "at", "begin": "2026-01-01", "batch_size": "day", "partition_by": "toYYYYMM(at)",
	})
	for range 2 {
		s.run(func(o *Options) { o.Warehouse, o.Clock = guarded, january })
	}
	s.run(full, func(o *Options) { o.Warehouse, o.Clock = guarded, january })
	s.nothingLeft()
}

func january() time.Time { return time.Date(2026, 1, 4, 12, 0, 0, 0, time.UTC) }

// A statement may be longer than the server's usual limit: compiled models
// are, and so is the list of a large project's relations.
func TestLongStatements(t *testing.T) {
	s := open(t)
	s.model("long", "table", "SELECT 1 AS k /* "+strings.Repeat("x", 300_000)+" */", nil)
	s.test("longer", "SELECT 1 AS k WHERE 0 /* "+strings.Repeat("x", 300_000)+" */", nil, "model.shop.long")
	results, err := Run(t.Context(), s.options("build"))
	if err != nil {
		t.Fatalf("%v: %.500s", err, messages(results))
	}
}

// Copying what stays of a table is not bound by the limit on the partitions
// of one insert.
func TestManyPartitionsWithProjections(t *testing.T) {
	s := open(t)
	s.model("sliced", "incremental", "SELECT toDateTime('@start', 'UTC') + number AS at, number AS n FROM numbers(3)", map[string]any{
		"incremental_strategy": "microbatch", "event_time": "at", "begin": "2025-01-01", "batch_size": "month", "partition_by": "(toYYYYMM(at), n)",
		"projections": []any{map[string]any{"name": "by_n", "query": "SELECT n, count() GROUP BY n"}},
	})
	few := s.withSettings(map[string]any{"max_partitions_per_insert_block": 5})
	for range 2 {
		s.run(func(o *Options) { o.Warehouse, o.Clock = few, january })
	}
	s.want("SELECT count() FROM {sliced}", "39")
	s.nothingLeft()
}

// Names that need quotes, and a query in parentheses.
func TestOddNames(t *testing.T) {
	s := open(t)
	s.rawTable("raw", "k UInt8, ingested_at DateTime64(6, 'UTC') DEFAULT now64(6)")
	s.exec("INSERT INTO {raw} (k) VALUES (1)")
	names := map[string]string{"table": "größe's 1%", "view": "a`b", "incremental": "-x", "materialized_view": strings.Repeat("long_", 37)}
	for kind, name := range names {
		sql := "(SELECT 1 AS k) UNION ALL (SELECT 2 AS k)"
		if kind == "materialized_view" {
			sql = "SELECT k FROM {raw}"
		}
		n := s.model(kind, kind, sql, nil, "source.shop.raw")
		n.Relation.Identifier = name
	}
	s.run()
	s.run()
	s.run(full)
	s.nothingLeft()
}

// The view of a materialized_view model is cut at the source that it reads,
// also where another's name begins alike.
func TestMaterializedViewSourceByWholeName(t *testing.T) {
	s := open(t)
	s.rawTable("raw", "k UInt8")
	s.rawTable("raw_events", "k UInt8, ingested_at DateTime64(6, 'UTC') DEFAULT now64(6)")
	s.exec("INSERT INTO {raw} (k) VALUES (1)")
	s.exec("INSERT INTO {raw_events} (k) VALUES (1)")
	s.model("joined", "materialized_view", "SELECT e.k AS k FROM {raw_events} AS e INNER JOIN {raw} AS r USING k", map[string]any{"order_by": "k"}, "source.shop.raw", "source.shop.raw_events")
	s.run()
	s.want("SELECT count() FROM {joined}", "1")
	for _, e := range s.events {
		if e.Kind == Notice {
			t.Errorf("notice: %s", e.Message)
		}
	}
}

// A materialized_view model that becomes incremental keeps its rows and loses
// the view, which would insert beside the model.
func TestMaterializedViewBecomesIncremental(t *testing.T) {
	s := open(t)
	s.rawTable("raw", "k UInt8, ingested_at DateTime64(6, 'UTC') DEFAULT now64(6)")
	s.model("counts", "materialized_view", "SELECT k FROM {raw}", map[string]any{"order_by": "k"}, "source.shop.raw")
	s.run()
	s.nodes["model.shop.counts"].Config.Materialized = "incremental"
	s.nodes["model.shop.counts"].Config.Values["materialized"] = "incremental"
	s.run()
	s.exec("INSERT INTO {raw} (k) VALUES (1)")
	s.want("SELECT count() FROM {counts}", "0")
	s.want("SELECT name FROM system.tables WHERE database = '{this_schema}' ORDER BY name", "counts", "raw")
}

// slicesCancelled compiles slices until the third, at which the run is
// cancelled.
type slicesCancelled struct {
	shopCompiler
	cancel context.CancelFunc
}

func (c slicesCancelled) Compile(ctx context.Context, n *project.Node, b *compile.Batch) (compile.Compiled, error) {
	if b != nil && b.Start.Day() == 3 {
		c.cancel()
		return compile.Compiled{}, ctx.Err()
	}
	return c.shopCompiler.Compile(ctx, n, b)
}

// Slices that were staged when a run is cancelled do not stay behind.
func TestCancelledMicrobatch(t *testing.T) {
	s := open(t)
	s.model("sliced", "incremental", "SELECT toDateTime('@start', 'UTC') + number AS at FROM numbers(10)", map[string]any{
		"incremental_strategy": "microbatch", "event_time": "at", "begin": "2026-01-01", "batch_size": "day", "partition_by": "toYYYYMM(at)", "lookback": int64(3),
	})
	s.run(func(o *Options) { o.Clock = january })
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	o := s.options("run")
	o.Clock, o.Threads = january, 1
	o.Compiler = func(w compile.Warehouse) Compiler { return slicesCancelled{shopCompiler{shop: s, w: w}, cancel} }
	if _, err := Run(ctx, o); !errors.Is(err, ErrCancelled) {
		t.Errorf("the run ended with %v", err)
	}
	s.nothingLeft()
	s.want("SELECT count() FROM {sliced}", fmt.Sprint(40))
}
