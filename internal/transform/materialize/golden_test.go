package materialize

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/project"
)

var update = flag.Bool("update", false, "write the golden files")

var target = project.Relation{Schema: "shop", Identifier: "orders"}

// table is an existing table as a lookup finds it.
func table(change ...func(*Found)) *Found {
	f := &Found{Name: target, Engine: "MergeTree", UUID: "u", PartitionKey: "toYYYYMM(day)", Columns: []Column{
		{Name: "day", Type: "Date"}, {Name: "id", Type: "UInt64"}, {Name: "total", Type: "Decimal(18, 2)"},
	}}
	for _, c := range change {
		c(f)
	}
	return f
}

// handedOver are a server's answers while tables change names: the window, and twice
// what time it is, and whether that is early enough.
var handedOver = []Answer{
	answer([]string{"2024-01-01 00:10:00.000000", "2024-01-01 00:10:00.500000"}),
	answer([]string{"2024-01-01 00:09:59.600000"}), answer([]string{"1"}),
	answer([]string{"2024-01-01 00:10:00.100000"}), answer([]string{"1"}),
}

// golden is one planning with the answers that the warehouse would give.
type golden struct {
	name     string
	config   map[string]any
	existing *Found
	plan     func(Request) Plan
	answers  []Answer
	cluster  string
}

func incremental(config map[string]any) map[string]any {
	out := map[string]any{"partition_by": "toYYYYMM(day)", "order_by": []any{"id"}}
	for k, v := range config {
		out[k] = v
	}
	return out
}

func answer(rows ...[]string) Answer { return Answer{Rows: rows} }

func projections(f *Found) { f.Projections = true }

var goldens = []golden{
	{name: "table_new", plan: Table, config: map[string]any{
		"engine": "ReplacingMergeTree(version)", "order_by": []any{"id", "day"}, "primary_key": "id", "partition_by": "toYYYYMM(day)",
		"ttl": "day + INTERVAL 2 YEAR", "settings": map[string]any{"index_granularity": int64(1024), "storage_policy": "hot"},
		"query_settings": map[string]any{"join_use_nulls": true},
		"indexes":        []any{map[string]any{"name": "ix", "definition": "id TYPE minmax"}},
		"projections":    []any{map[string]any{"name": "p", "index": "day"}},
	}},
	{name: "table_existing", plan: Table, existing: table()},
	{name: "table_over_view", plan: Table, existing: &Found{Name: target, Engine: "View"}},
	{name: "table_cluster", plan: Table, existing: table(), cluster: "main"},
	{name: "view_new", plan: View, config: map[string]any{"materialized": "view", "sql_security": "invoker", "query_settings": map[string]any{"join_use_nulls": int64(1)}}},
	{name: "view_existing", plan: View, existing: &Found{Name: target, Engine: "View"}},
	{name: "view_over_table", plan: View, existing: table()},
	{name: "incremental_full_refresh", plan: Replacement, existing: table(), config: incremental(nil)},
	{name: "append", plan: Incremental, existing: table(), config: incremental(nil), answers: []Answer{answer([]string{"1"})}},
	{name: "append_parts", plan: Incremental, existing: table(), config: incremental(nil), answers: []Answer{answer([]string{"2"})}},
	{name: "append_nothing", plan: Incremental, existing: table(), config: incremental(nil), answers: []Answer{answer([]string{"0"})}},
	{name: "append_read_by_a_view", plan: Incremental, existing: table(func(f *Found) { f.Dependents = []string{"shop.orders_mv"} }),
		config: incremental(nil), answers: []Answer{answer([]string{"1"})}},
	{name: "append_with_default", plan: Incremental, config: incremental(nil),
		existing: table(func(f *Found) {
			f.Columns = append(f.Columns, Column{Name: "at", Type: "DateTime64(6)", Default: "DEFAULT"})
		}),
		answers: []Answer{answer([]string{"day", "Date"}, []string{"id", "UInt64"}, []string{"total", "Decimal(18, 2)"}), answer([]string{"1"})}},
	{name: "append_new_column", plan: Incremental, existing: table(), config: incremental(map[string]any{"on_schema_change": "append_new_columns"}),
		answers: []Answer{answer([]string{"note", "String"}, []string{"day", "Date"}, []string{"id", "UInt64"}, []string{"total", "Decimal(18, 2)"}), answer([]string{"1"})}},
	{name: "append_new_column_keep", plan: Incremental, existing: table(),
		config:  incremental(map[string]any{"on_schema_change": "append_new_columns", "full_refresh": false}),
		answers: []Answer{answer([]string{"note", "String"}, []string{"day", "Date"}, []string{"id", "UInt64"}, []string{"total", "Decimal(18, 2)"}), answer([]string{"1"})}},
	{name: "delete_insert_one_partition", plan: Incremental, existing: table(), config: incremental(map[string]any{"unique_key": "id"}),
		answers: []Answer{answer([]string{"202401"})}},
	{name: "delete_insert_partitions", plan: Incremental, existing: table(),
		config:  incremental(map[string]any{"unique_key": []any{"id", "day"}, "incremental_predicates": []any{"day > '2024-01-01'"}}),
		answers: []Answer{answer([]string{"202401"}, []string{"202402"})}},
	{name: "delete_insert_projection", plan: Incremental, existing: table(projections), config: incremental(map[string]any{"unique_key": "id"}),
		answers: []Answer{answer([]string{"202401"})}},
	{name: "delete_insert_projection_partitions", plan: Incremental, existing: table(projections), config: incremental(map[string]any{"unique_key": "id"}),
		answers: []Answer{answer([]string{"202401"}, []string{"202402"})}},
	{name: "delete_insert_nothing", plan: Incremental, existing: table(), config: incremental(map[string]any{"unique_key": "id"}), answers: []Answer{answer()}},
	{name: "delete_insert_sync_columns", plan: Incremental, existing: table(),
		config:  incremental(map[string]any{"unique_key": "id", "on_schema_change": "sync_all_columns"}),
		answers: []Answer{answer([]string{"id", "UInt32"}, []string{"day", "Date"}, []string{"note", "String"}), answer([]string{"202401"})}},
	{name: "delete_insert_log_engine", plan: Incremental, existing: table(func(f *Found) { f.Engine = "Log" }), config: map[string]any{"unique_key": "id", "engine": "Log"},
		answers: []Answer{answer()}},
	{name: "overwrite_one", plan: Incremental, existing: table(), config: incremental(map[string]any{"incremental_strategy": "insert_overwrite"}),
		answers: []Answer{answer([]string{"202401"})}},
	{name: "overwrite_many", plan: Incremental, existing: table(), config: incremental(map[string]any{"incremental_strategy": "insert_overwrite"}),
		answers: []Answer{answer([]string{"202401"}, []string{"202402"})}},
	{name: "overwrite_nothing", plan: Incremental, existing: table(), config: incremental(map[string]any{"incremental_strategy": "insert_overwrite"}),
		answers: []Answer{answer()}},
	{name: "microbatch_stage", plan: func(r Request) Plan { return StageSlice(r, r.Names.Temporary(target)) }, existing: table(), config: microbatchConfig},
	{name: "microbatch_add", plan: func(r Request) Plan { return AddSlice(r, r.Names.Temporary(target)) }, existing: nil, config: microbatchConfig},
	{name: "microbatch_whole_partition", plan: commit("202401", "2024-01-01", 31), existing: table(), config: microbatchConfig, answers: []Answer{answer([]string{"202402"}, []string{"202403"})}},
	{name: "microbatch_only_partition", plan: commit("202401", "2024-01-01", 31), existing: table(), config: microbatchConfig, answers: []Answer{answer()}},
	{name: "microbatch_whole_partition_replicated", plan: commit("202401", "2024-01-01", 31), existing: table(func(f *Found) { f.Engine = "ReplicatedMergeTree" }), config: microbatchConfig},
	{name: "microbatch_days", plan: commit("202401", "2024-01-05", 2), existing: table(), config: microbatchConfig},
	{name: "microbatch_days_projection", plan: commit("202401", "2024-01-05", 2), existing: table(projections), config: microbatchConfig},
	{name: "microbatch_any_partition", plan: commit("", "2024-01-31", 2), existing: table(), config: microbatchConfig},
	{name: "microbatch_partitions", plan: func(r Request) Plan {
		return CommitSlices(r, []StagedGroup{stagedDays(r, "202401", "2024-01-01", 31), stagedDays(r, "202402", "2024-02-28", 2)})
	}, existing: table(), config: microbatchConfig},
	{name: "materialized_view_new", plan: func(r Request) Plan { return Rebuild(r, feeds(false)) }, config: mvConfig, answers: []Answer{answer([]string{"2024-01-01 00:00:02.000000"}), answer([]string{"2024-01-01 00:00:01.000000"}), answer([]string{"1"})}},
	{name: "materialized_view_rebuild", plan: func(r Request) Plan { return Rebuild(r, feeds(true)) }, existing: table(), config: mvConfig,
		answers: append([]Answer{answer([]string{"2024-01-01 00:00:02.000000"}), answer([]string{"2024-01-01 00:00:01.000000"}), answer([]string{"0"}), answer([]string{"2024-01-01 00:00:03.000000"}), answer([]string{"2024-01-01 00:00:06.000000"}), answer([]string{"2024-01-01 00:00:05.000000"}), answer([]string{"1"})}, handedOver...)},
	{name: "materialized_view_unstamped", plan: func(r Request) Plan { return RebuildBlind(r, feeds(true)) }, existing: table(), config: mvConfig},
	{name: "materialized_view_update", plan: func(r Request) Plan { return UpdateFeeds(r, feeds(true)) }, existing: table(), config: mvConfig},
	{name: "materialized_view_external", plan: func(r Request) Plan { return External(r, "shop.other", false) }, config: map[string]any{
		"refreshable": map[string]any{"interval": "EVERY 1 HOUR", "depends_on": "shop.a"},
	}},
	{name: "seed", plan: func(r Request) Plan {
		return Seed(r, &SeedData{Columns: []Column{{Name: "id", Type: "Int32"}, {Name: "name", Type: "String"}}, Rows: [][]string{{"1", "it's"}, {"2", ""}}})
	}, config: map[string]any{"order_by": "id"}},
}

var mvConfig = map[string]any{"engine": "SummingMergeTree()", "order_by": "id"}

// feeds is the view of a model over shop.source.
func feeds(there bool) []Feed {
	return []Feed{{Name: FeedOf(target), SQL: "SELECT id, count() AS n FROM shop.source WHERE id > 0 GROUP BY id", There: there, Source: project.Relation{Schema: "shop", Identifier: "source"}}}
}

var microbatchConfig = incremental(map[string]any{
	"incremental_strategy": "microbatch", "event_time": "day", "begin": "2024-01-01", "batch_size": "day",
})

// commit plans the commit of days staged from a date on.
func commit(partition, from string, days int) func(Request) Plan {
	return func(r Request) Plan { return CommitSlices(r, []StagedGroup{stagedDays(r, partition, from, days)}) }
}

func stagedDays(r Request, partition, from string, days int) StagedGroup {
	start, err := time.Parse(time.DateOnly, from)
	if err != nil {
		panic(err)
	}
	g := StagedGroup{Group: Group{Partition: partition}}
	for i := range days {
		day := start.AddDate(0, 0, i)
		s := Staged{Slice: Slice{day, day.AddDate(0, 0, 1)}, Table: r.Names.Temporary(target)}
		s.Span = Span{day.AddDate(0, 0, -1).Format("200601"), day.Format("200601"), day.Format("200601"), day.AddDate(0, 0, 1).Format("200601")}
		g.Staged = append(g.Staged, s)
	}
	return g
}

func TestPlans(t *testing.T) {
	for _, g := range goldens {
		t.Run(g.name, func(t *testing.T) {
			got := g.print(t)
			path := filepath.Join("testdata", "plans", g.name+".sql")
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("plan differs from %s (write it anew with -update)\n%s", path, got)
			}
		})
	}
	files, err := filepath.Glob("testdata/plans/*.sql")
	if err != nil || len(files) != len(goldens) {
		t.Errorf("%d golden files for %d plans (%v)", len(files), len(goldens), err)
	}
}

func (g golden) print(t *testing.T) string {
	t.Helper()
	n := &project.Node{Name: "orders", Relation: target, Config: project.Config{Materialized: "incremental", Values: g.config}}
	if full, ok := g.config["full_refresh"].(bool); ok {
		n.Config.FullRefresh = &full
	}
	spec, notices, err := ReadSpec(n)
	if err != nil || len(notices) > 0 {
		t.Fatal(err, notices)
	}
	names := NewNames("0123456789ab")
	r := Request{Target: target, Spec: spec, SQL: "SELECT * FROM shop.source", Existing: g.existing, Ticket: names.Ticket(target), Names: names, Cluster: g.cluster}
	var b strings.Builder
	plan := g.plan(r)
	var cleanup []string
	for i := 0; ; i++ {
		cleanup = append(plan.Cleanup, cleanup...)
		printSteps(&b, plan.Steps)
		if plan.Then == nil {
			break
		}
		fmt.Fprintf(&b, "-- ask: %s\n", plan.Then.SQL)
		for _, row := range g.answers[i].Rows {
			fmt.Fprintf(&b, "--   %s\n", strings.Join(row, " | "))
		}
		if plan, err = plan.Then.Next(g.answers[i]); err != nil {
			t.Fatal(err)
		}
	}
	for _, sql := range cleanup {
		fmt.Fprintf(&b, "-- at the end\n%s;\n", sql)
	}
	return b.String()
}

func printSteps(b *strings.Builder, steps []Step) {
	for _, s := range steps {
		fmt.Fprintf(b, "-- %s\n%s;\n", s.Role, s.SQL)
		if len(s.Settings) > 0 {
			fmt.Fprintf(b, "--   %s\n", settingsClause(s.Settings))
		}
		for code, sql := range s.Or {
			fmt.Fprintf(b, "--   on error %d: %s\n", code, sql)
		}
		if s.Spares != "" {
			fmt.Fprintf(b, "--   spares: %s\n", s.Spares)
		}
		if s.Done != "" {
			fmt.Fprintf(b, "--   done if: %s\n", s.Done)
		}
	}
}

func TestRefusedSchemaChanges(t *testing.T) {
	for change, columns := range map[string][][]string{
		"fail":               {{"day", "Date"}, {"id", "UInt64"}, {"total", "Decimal(18, 2)"}, {"note", "String"}},
		"append_new_columns": {{"day", "Date"}, {"id", "String"}, {"total", "Decimal(18, 2)"}},
	} {
		r := Request{Existing: table(), Spec: Spec{OnSchemaChange: change}}
		if _, _, err := r.compare(columns); err == nil {
			t.Errorf("%s took %v", change, columns)
		}
	}
}

func TestReadSpecRefuses(t *testing.T) {
	for want, config := range map[string]map[string]any{
		"insert_overwrite needs partition_by": {"incremental_strategy": "insert_overwrite"},
		"takes no unique_key":                 {"incremental_strategy": "insert_overwrite", "partition_by": "a", "unique_key": "b"},
		"microbatch needs event_time":         {"incremental_strategy": "microbatch"},
		`incremental_strategy "merge"`:        {"incremental_strategy": "merge"},
		"incremental_predicates do not apply": {"incremental_predicates": []any{"a"}},
		`on_schema_change "maybe"`:            {"on_schema_change": "maybe"},
		"either query or index":               {"projections": []any{map[string]any{"name": "p"}}},
		"needs name":                          {"indexes": []any{map[string]any{"definition": "p"}}},
		"settings: 5 is not a mapping":        {"settings": int64(5)},
		"sql_security":                        {"sql_security": "strict"},
		"delimiter":                           {"delimiter": "ab"},
	} {
		n := &project.Node{Place: project.Place{File: "models/m.sql"}, Config: project.Config{Materialized: "incremental", Values: config}}
		_, _, err := ReadSpec(n)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "models/m.sql: ") {
			t.Errorf("%v: %v", config, err)
		}
	}
}

func TestNotices(t *testing.T) {
	n := &project.Node{Config: project.Config{Materialized: "incremental", Values: map[string]any{
		"partion_by": "a", "oder_by": "b", "our_own_key": 1, "incremental_strategy": "legacy", "unique_key": "k",
	}}}
	_, notices, err := ReadSpec(n)
	want := []string{
		"incremental_strategy legacy is run as delete_insert, which gives the same rows",
		`unknown config "oder_by" has no effect; did you mean "order_by"?`,
		`unknown config "partion_by" has no effect; did you mean "partition_by"?`,
	}
	if err != nil || !slices.Equal(notices, want) {
		t.Errorf("%q, %v", notices, err)
	}
}

func TestTemporaryNames(t *testing.T) {
	long := project.Relation{Schema: "s", Identifier: strings.Repeat("x", 200)}
	names := NewNames("0123456789ab")
	for kind, r := range map[string]project.Relation{"run": names.Lease("s"), "hold": names.Ticket(long), "tmp": names.Temporary(long)} {
		got, run, ok := owner(r.Identifier)
		if !ok || got != kind || run != "0123456789ab" {
			t.Errorf("%s: %s %s %v", r.Identifier, got, run, ok)
		}
	}
	for _, other := range []string{"orders", "_tiendi_", "_tiendi_tmp_x_1", "_tiendi_tmp_0123456789abc_1"} {
		if _, _, ok := owner(other); ok {
			t.Errorf("%s taken for a temporary name", other)
		}
	}
}
