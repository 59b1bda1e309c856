package run

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/project"
)

// What a model's query reads may be made by its pre-hook, also where the
// query is needed to make the table.
func TestPreHookMakesWhatTheQueryReads(t *testing.T) {
	s := open(t)
	s.rawTable("raw", "k UInt8, ingested_at DateTime64(6, 'UTC') DEFAULT now64(6)")
	for name, config := range map[string]map[string]any{
		"a_table": {}, "an_incremental": {}, "a_view": {},
		"an_overwrite":        {"incremental_strategy": "insert_overwrite", "partition_by": "k"},
		"a_materialized_view": {},
	} {
		kind := map[string]string{"a_table": "table", "a_view": "view", "a_materialized_view": "materialized_view"}[name]
		if kind == "" {
			kind = "incremental"
		}
		n := s.model(name, kind, "SELECT k FROM {raw} WHERE k IN (SELECT k FROM {made_for_"+name+"})", config, "source.shop.raw")
		n.Config.PreHook = []project.Hook{{SQL: "CREATE TABLE IF NOT EXISTS {made_for_" + name + "} (k UInt8) ENGINE = Memory"}}
		n.Config.PostHook = []project.Hook{{SQL: "INSERT INTO {made_for_" + name + "} SELECT 1"}}
	}
	s.run()
	s.run()
	s.want("SELECT sum(total_rows) FROM system.tables WHERE database = '{this_schema}' AND startsWith(name, 'made_for')", "10")
}

// A hook that fails before the first node is a failure of the run, whose
// nodes are left for a retry.
func TestFailedStart(t *testing.T) {
	s := open(t)
	s.model("m", "table", "SELECT 1 AS k", nil)
	o := s.options("run")
	o.OnRunStart = []Operation{{Package: "shop", Name: "shop-on-run-start-0", SQL: "SELECT nothing_of_this_name"}}
	o.OnRunEnd = []Operation{{Package: "shop", Name: "shop-on-run-end-0", SQL: "SELECT 1"}}
	results, err := Run(t.Context(), o)
	if !errors.Is(err, ErrFailed) {
		t.Errorf("the run ended with %v", err)
	}
	if results.Count(Skipped) != 1 || results.Count(Error) != 1 || len(results.Results) != 3 {
		t.Errorf("results: %s", messages(results))
	}
	previous, err := ReadPrevious(s.dir + "/run_results.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range previous.Again {
		if id == "model.shop.m" {
			return
		}
	}
	t.Errorf("a retry would run %v", previous.Again)
}

// What fails in the run does not keep the hooks of its end back, a failed one
// of them does not hide it, and a cancelled run runs none.
func TestRunEnd(t *testing.T) {
	s := open(t)
	s.exec("CREATE TABLE {ended} (k UInt8) ENGINE = Memory")
	s.model("m", "table", "SELECT throwIf(1)", nil)
	o := s.options("run")
	o.OnRunEnd = []Operation{
		{Package: "shop", Name: "shop-on-run-end-0", SQL: "INSERT INTO {ended} SELECT 1"},
		{Package: "shop", Name: "shop-on-run-end-1", SQL: "SELECT nothing_of_this_name"},
	}
	results, err := Run(t.Context(), o)
	if !errors.Is(err, ErrFailed) || results.Count(Error) != 2 || results.Count(Success) != 1 {
		t.Errorf("%v: %s", err, messages(results))
	}
	s.want("SELECT count() FROM {ended}", "1")
	s.sql["model.shop.m"] = "SELECT sleepEachRow(1) AS x FROM numbers(100) SETTINGS max_block_size = 1"
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	o.Events = func(e Event) {
		if e.Kind == NodeStarted {
			time.AfterFunc(100*time.Millisecond, cancel)
		}
	}
	results, err = Run(ctx, o)
	if !errors.Is(err, ErrCancelled) || len(results.Results) != 1 {
		t.Errorf("%v: %s", err, messages(results))
	}
	s.want("SELECT count() FROM {ended}", "1")
}
