package backfill

import (
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/ingest/load"
	"github.com/tiendi/tiendi/internal/operate/journal"
	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/transform/materialize"
)

func node(name, materialized string, config map[string]any, parents ...string) *project.Node {
	n := &project.Node{UniqueID: name, Kind: project.Model, Name: name, DependsOn: parents}
	n.Config = project.Config{Materialized: materialized, Values: map[string]any{"materialized": materialized}}
	for k, v := range config {
		n.Config.Values[k] = v
	}
	if full, ok := config["full_refresh"].(bool); ok {
		n.Config.FullRefresh = &full
	}
	return n
}

func mustPlan(t *testing.T, n *project.Node, there bool, kind string, r Range) *Task {
	t.Helper()
	spec, _, err := materialize.ReadSpec(n)
	if err != nil {
		t.Fatal(err)
	}
	s := Standing{Spec: spec}
	if there {
		s.Existing = &materialize.Found{Engine: "MergeTree", Columns: []materialize.Column{{Name: spec.EventTime, Type: kind}}}
	}
	task, err := plan(n, s, r)
	if err != nil {
		t.Fatal(err)
	}
	return task
}

func TestHow(t *testing.T) {
	r, _, err := ParseRange("2026-01-10", "2026-02-10", "", time.UTC, now)
	if err != nil {
		t.Fatal(err)
	}
	daily := map[string]any{"event_time": "date"}
	keyed := map[string]any{"event_time": "at", "unique_key": "k", "meta": map[string]any{"backfill_key": "k"}}
	monthly := map[string]any{"incremental_strategy": "microbatch", "event_time": "at", "begin": "2020-01-01", "batch_size": "month"}
	for _, c := range []struct {
		name         string
		materialized string
		config       map[string]any
		there        bool
		how          How
		slices       int
		notice       string
	}{
		{"a table", "table", nil, true, Whole, 0, ""},
		{"a view", "view", nil, true, Whole, 0, ""},
		{"a live table", "materialized_view", nil, true, Live, 0, ""},
		{"a mart", "incremental", daily, true, Slices, 31, ""},
		{"a mart that is missing", "incremental", daily, false, Whole, 0, ""},
		{"by key", "incremental", keyed, true, Keys, 1, ""},
		{"without a time", "incremental", nil, true, Update, 0, "no event_time"},
		{"raw", "incremental", map[string]any{"full_refresh": false, "event_time": "at"}, true, Kept, 0, ""},
		{"raw that is missing", "incremental", map[string]any{"full_refresh": false}, false, Whole, 0, ""},
		{"microbatch", "incremental", monthly, true, Slices, 2, "rebuilt whole"},
	} {
		task := mustPlan(t, node("m", c.materialized, c.config), c.there, "Date", r)
		if task.How != c.how || len(task.Slices) != c.slices || !strings.Contains(task.Notice, c.notice) {
			t.Errorf("%s: %s with %d slices (%s), want %s with %d", c.name, task.How, len(task.Slices), task.Notice, c.how, c.slices)
		}
	}
}

// TestHoursOfDays: a table by day cannot be rebuilt by the hour, nor in part.
func TestHoursOfDays(t *testing.T) {
	mart := node("mart", "incremental", map[string]any{"event_time": "date"})
	r, _, err := ParseRange("2026-01-10", "2026-01-12", "hour", time.UTC, now)
	if err != nil {
		t.Fatal(err)
	}
	if got := mustPlan(t, mart, true, "Date", r); len(got.Slices) != 2 {
		t.Errorf("days: %d slices, want 2", len(got.Slices))
	}
	if got := mustPlan(t, mart, true, "DateTime64(3, 'UTC')", r); len(got.Slices) != 48 {
		t.Errorf("moments: %d slices, want 48", len(got.Slices))
	}
	r.To = r.To.Add(time.Hour)
	spec, _, err := materialize.ReadSpec(mart)
	if err != nil {
		t.Fatal(err)
	}
	found := &materialize.Found{Engine: "MergeTree", Columns: []materialize.Column{{Name: "date", Type: "Date"}}}
	if _, err := plan(mart, Standing{Spec: spec, Existing: found}, r); err == nil || !strings.Contains(err.Error(), "is a day") {
		t.Errorf("a part of a day: %v", err)
	}
}

type graph map[string][]string

func (g graph) Parents(id string) []string { return g[id] }

// TestRemember: what is built again has what stands on it built again.
func TestRemember(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2026, 1, n, 0, 0, 0, 0, time.UTC) }
	fresh := func() []*Task {
		slices := func() []Slice { return []Slice{{From: day(1), To: day(2)}, {From: day(2), To: day(3)}} }
		return []*Task{
			{Node: node("a", "table", nil), How: Whole, Fingerprint: "1"},
			{Node: node("b", "incremental", nil), How: Slices, Slices: slices(), Fingerprint: "1"},
			{Node: node("c", "incremental", nil), How: Slices, Slices: slices(), Fingerprint: "1"},
		}
	}
	g := graph{"b": {"unselected"}, "unselected": {"a"}, "c": {"b"}}
	step := func(name string, n int, fingerprint string) journal.Entry {
		e := journal.Entry{Step: name, State: journal.Done, Fingerprint: fingerprint}
		if n > 0 {
			e.From, e.To = day(n), day(n+1)
		}
		return e
	}
	for _, c := range []struct {
		name  string
		steps []journal.Entry
		left  [3]int
	}{
		{"nothing", nil, [3]int{1, 2, 2}},
		{"the first", []journal.Entry{step("a", 0, "1")}, [3]int{0, 2, 2}},
		{"part of the second", []journal.Entry{step("a", 0, "1"), step("b", 2, "1")}, [3]int{0, 1, 2}},
		{"two", []journal.Entry{step("a", 0, "1"), step("b", 1, "1"), step("b", 2, "1"), step("c", 1, "1")}, [3]int{0, 0, 1}},
		{"as a whole", []journal.Entry{step("a", 0, "1"), step("b", 0, "1")}, [3]int{0, 0, 2}},
		{"of another text", []journal.Entry{step("a", 0, "2"), step("b", 0, "1"), step("c", 0, "1")}, [3]int{1, 2, 2}},
	} {
		tasks := fresh()
		remember(tasks, g, c.steps)
		if got := [3]int{tasks[0].Left(), tasks[1].Left(), tasks[2].Left()}; got != c.left {
			t.Errorf("%s: %v are left, want %v", c.name, got, c.left)
		}
	}
}

// TestIsOf takes lines by their time and survives those that are no events.
func TestIsOf(t *testing.T) {
	s := Slice{From: time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC), To: time.Date(2026, 1, 3, 0, 0, 0, 0, time.UTC)}
	for line, want := range map[string]bool{
		`{"event_id":"1","timestamp":"2026-01-01T23:59:59.999Z"}`:  false,
		`{"event_id":"2","timestamp":"2026-01-02T00:00:00Z"}`:      true,
		`{"event_id":"3","timestamp":"2026-01-02T20:00:00-05:00"}`: false,
		`{"event_id":"4","timestamp":"2026-01-03T00:59:59+01:00"}`: true,
		`{"event_id":"5","timestamp":"2026-01-02 23:59:59"}`:       true,
		`{"event_id":"6","timestamp":"2026-01-02"}`:                true,
		`{"event_id":"7"}`:                 false,
		`{"event_id":"8","timestamp":1e9}`: false,
		"no json":                          false,
	} {
		if _, got := isOf([]byte(line), s, load.ParseTime); got != want {
			t.Errorf("%s: %v", line, !want)
		}
	}
}

// TestConflict has backfills that are in each other's way, and others.
func TestConflict(t *testing.T) {
	for _, c := range []struct {
		mine   claimed
		theirs string
		want   string
	}{
		{claimed{Models: []string{"a", "b"}}, `{"models":["c","b"]}`, "rebuilds b, too"},
		{claimed{Models: []string{"a"}}, `{"models":["b"],"changes":true}`, ""},
		{claimed{Models: []string{"a"}, Changes: true}, `{"models":["b"],"changes":true}`, "brings database changes back, too"},
		{claimed{Models: []string{"a"}, Changes: true}, `{"models":["b"]}`, ""},
		{claimed{Models: []string{"a"}}, "what an earlier release wrote", ""},
	} {
		if got := c.mine.conflict(journal.Entry{Message: c.theirs}); !strings.Contains(got, c.want) || c.want == "" && got != "" {
			t.Errorf("%+v and %s: %q, want %q", c.mine, c.theirs, got, c.want)
		}
	}
}
