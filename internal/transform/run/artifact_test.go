package run

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tiendi/tiendi/internal/project"
)

func TestRetryReadsWhatFailed(t *testing.T) {
	s := open(t)
	s.model("a", "table", "SELECT 1 AS x", nil)
	s.model("b", "table", "SELECT nothing", nil)
	s.model("c", "view", "SELECT * FROM {b}", nil, "model.shop.b")
	o := s.options("run")
	o.Args = map[string]any{"full_refresh": true}
	if _, err := Run(t.Context(), o); !errors.Is(err, ErrFailed) {
		t.Fatal(err)
	}
	p, err := ReadPrevious(filepath.Join(s.dir, "run_results.json"))
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(p.Again)
	if !slices.Equal(p.Again, []string{"model.shop.b", "model.shop.c"}) || p.Command != "run" || p.Args["full_refresh"] != true {
		t.Errorf("%+v", p)
	}
	if _, err := ReadPrevious(filepath.Join(t.TempDir(), "run_results.json")); err == nil || !strings.Contains(err.Error(), "no earlier run") {
		t.Error(err)
	}
}

// The log names every statement with its node, in the order of their starts
// within a node.
func TestStatementLog(t *testing.T) {
	s := open(t)
	s.model("a", "table", "SELECT 1 AS x", nil)
	s.run()
	text, err := os.ReadFile(filepath.Join(s.dir, "statements.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for line := range strings.Lines(string(text)) {
		var st statement
		if err := json.Unmarshal([]byte(line), &st); err != nil {
			t.Fatal(err)
		}
		if st.Node == "model.shop.a" {
			kinds = append(kinds, strings.Fields(st.SQL)[0])
		}
	}
	if got := strings.Join(kinds, " "); got != "CREATE INSERT RENAME" {
		t.Error(got)
	}
}

func TestFreshness(t *testing.T) {
	s := open(t)
	add := func(name, select_ string, warn, fail int) {
		s.exec("CREATE TABLE {" + name + "} ENGINE = MergeTree ORDER BY tuple() AS " + select_)
		s.nodes["source.shop."+name] = &project.Node{
			UniqueID: "source.shop." + name, Kind: project.Source, Name: name, Relation: project.Relation{Schema: s.schema, Identifier: name},
			Source: &project.SourceNode{LoadedAt: "at", Freshness: &project.Freshness{
				WarnAfter: project.Threshold{Count: warn, Period: "hour"}, ErrorAfter: project.Threshold{Count: fail, Period: "day"}, Filter: "at > toDate('2000-01-01')",
			}},
		}
	}
	add("fresh", "SELECT now() AS at", 1, 1)
	add("stale", "SELECT now64(6) - toIntervalHour(5) AS at", 1, 1)
	add("old", "SELECT today() - 3 AS at", 1, 1)
	checks, err := CheckSources(t.Context(), s.options("source freshness"))
	if !errors.Is(err, ErrFailed) {
		t.Error(err)
	}
	got := map[string]string{}
	for _, c := range checks {
		got[c.Source.Name] = c.Fresh.Status
		if c.Err != nil {
			t.Error(c.Err)
		}
	}
	if len(got) != 3 || got["fresh"] != "pass" || got["stale"] != "warn" || got["old"] != "error" {
		t.Errorf("%v", got)
	}
	text, err := os.ReadFile(filepath.Join(s.dir, "sources.json"))
	if err != nil || strings.Count(string(text), `"unique_id"`) != 3 {
		t.Errorf("%v: %s", err, text)
	}
}
