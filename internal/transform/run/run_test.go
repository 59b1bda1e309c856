package run

import (
	"errors"
	"strings"
	"testing"
)

func TestViewsAndTables(t *testing.T) {
	s := open(t)
	s.model("numbers", "table", "SELECT number AS n, toString(number) AS v FROM numbers(5)", map[string]any{
		"order_by": "n", "partition_by": []any{"n % 2"},
		"indexes":     []any{map[string]any{"name": "ix", "definition": "v TYPE bloom_filter GRANULARITY 1"}},
		"projections": []any{map[string]any{"name": "p", "query": "SELECT v, count() GROUP BY v"}},
	})
	s.model("even", "view", "SELECT n FROM {numbers} WHERE n % 2 = 0", nil, "model.shop.numbers")
	s.run()
	s.want("SELECT n FROM {even} ORDER BY n", "0", "2", "4")
	s.run()
	s.want("SELECT n FROM {even} ORDER BY n", "0", "2", "4")
	s.want("SELECT count() FROM system.data_skipping_indices WHERE database = '{this_schema}' AND table = 'numbers'", "1")
	s.nothingLeft()

	// Each becomes the other, and back.
	s.nodes["model.shop.numbers"].Config.Materialized = "view"
	s.nodes["model.shop.even"].Config.Materialized = "table"
	s.run()
	s.want("SELECT name, engine FROM system.tables WHERE database = '{this_schema}' ORDER BY name", "even MergeTree", "numbers View")
	s.nodes["model.shop.numbers"].Config.Materialized = "table"
	s.nodes["model.shop.even"].Config.Materialized = "view"
	s.run()
	s.want("SELECT name, engine FROM system.tables WHERE database = '{this_schema}' ORDER BY name", "even View", "numbers MergeTree")
	s.want("SELECT n FROM {even} ORDER BY n", "0", "2", "4")
}

func TestFailureSkipsWhatIsBelow(t *testing.T) {
	s := open(t)
	s.model("a", "table", "SELECT 1 AS x", nil)
	s.model("b", "table", "SELECT x,\n  nothing\nFROM {a}", nil, "model.shop.a")
	s.model("c", "view", "SELECT * FROM {b}", nil, "model.shop.b")
	s.model("d", "view", "SELECT * FROM {c}", nil, "model.shop.c")
	s.model("e", "view", "SELECT * FROM {a}", nil, "model.shop.a")
	results, err := Run(t.Context(), s.options("run"))
	if !errors.Is(err, ErrFailed) {
		t.Fatalf("error: %v", err)
	}
	if results.Count(Success) != 2 || results.Count(Error) != 1 || results.Count(Skipped) != 2 {
		t.Errorf("results:\n%s", messages(results))
	}
	for _, r := range results.Results {
		if r.Status == Error && (!strings.Contains(r.Message, "nothing") || !strings.Contains(r.Message, "models/b.sql")) {
			t.Errorf("message: %s", r.Message)
		}
	}
	skips := 0
	for _, e := range s.events {
		if e.Kind == NodesSkipped {
			skips++
			if len(e.Skipped) != 2 || e.Because.Name != "b" {
				t.Errorf("skipped %d because of %s", len(e.Skipped), e.Because.Name)
			}
		}
	}
	if skips != 1 {
		t.Errorf("%d skip events", skips)
	}
	s.nothingLeft()
}

func TestIncrementalStrategies(t *testing.T) {
	for name, c := range map[string]struct {
		config map[string]any
		want   []string // key and version after the second batch
	}{
		"append":     {map[string]any{}, []string{"1 a", "1 b", "2 a", "3 b"}},
		"one part":   {map[string]any{"unique_key": "k"}, []string{"1 b", "2 a", "3 b"}},
		"partitions": {map[string]any{"unique_key": []any{"k"}, "partition_by": "k % 3"}, []string{"1 b", "2 a", "3 b"}},
		"projection": {map[string]any{"unique_key": "k", "projections": []any{map[string]any{"name": "p", "query": "SELECT v, count() GROUP BY v"}}},
			[]string{"1 b", "2 a", "3 b"}},
		"projection and partitions": {map[string]any{"unique_key": "k", "partition_by": "k % 3",
			"projections": []any{map[string]any{"name": "p", "query": "SELECT v, count() GROUP BY v"}}}, []string{"1 b", "2 a", "3 b"}},
		"predicate":     {map[string]any{"unique_key": "k", "incremental_predicates": []any{"k > 1"}}, []string{"1 a", "1 b", "2 a", "3 b"}},
		"overwrite":     {map[string]any{"incremental_strategy": "insert_overwrite", "partition_by": "k % 2"}, []string{"1 b", "2 a", "3 b"}},
		"overwrite one": {map[string]any{"incremental_strategy": "insert_overwrite", "partition_by": "k >= 0"}, []string{"1 b", "3 b"}},
		"log engine":    {map[string]any{"unique_key": "k", "engine": "Log"}, []string{"1 b", "2 a", "3 b"}},
		"memory append": {map[string]any{"engine": "Memory"}, []string{"1 a", "1 b", "2 a", "3 b"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t)
			s.exec("CREATE TABLE {source} (k UInt8, v String) ENGINE = Memory")
			s.exec("INSERT INTO {source} VALUES (1, 'a'), (2, 'a')")
			s.model("m", "incremental", "SELECT k, v FROM {source}", c.config)
			s.run()
			s.want("SELECT k, v FROM {m} ORDER BY k, v", "1 a", "2 a")
			s.exec("TRUNCATE TABLE {source}")
			s.run() // nothing new
			s.want("SELECT k, v FROM {m} ORDER BY k, v", "1 a", "2 a")
			s.exec("INSERT INTO {source} VALUES (1, 'b'), (3, 'b')")
			s.run()
			s.want("SELECT k, v FROM {m} ORDER BY k, v", c.want...)
			s.run(full)
			s.want("SELECT k, v FROM {m} ORDER BY k, v", "1 b", "3 b")
			s.nothingLeft()
		})
	}
}
