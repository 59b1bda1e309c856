package project_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/tiendi/tiendi/internal/project"
)

// expectedNode is what dbt 1.11 says of a node of testdata/shop (an extract
// of its manifest.json).
type expectedNode struct {
	FQN          []string       `json:"fqn"`
	Name         string         `json:"name"`
	Path         string         `json:"path"`
	PatchPath    string         `json:"patch_path"`
	Tags         []string       `json:"tags"`
	Meta         map[string]any `json:"meta"`
	Materialized string         `json:"materialized"`
	Alias        string         `json:"alias"`
	Severity     string         `json:"severity"`
	Schema       string         `json:"schema"`
	Group        string         `json:"group"`
	Access       string         `json:"access"`
	Version      string         `json:"version"`
	Latest       string         `json:"latest_version"`
	FullRefresh  *bool          `json:"full_refresh"`
	PreHook      []string       `json:"pre-hook"`
	Raw          string         `json:"raw"`
	Checksum     string         `json:"checksum"`
	DependsOn    []string       `json:"depends_on"`
	Attached     string         `json:"attached"`
	Column       string         `json:"column"`
	File         string         `json:"file"`
	Kwargs       map[string]any `json:"kwargs"`
	Relation     []string       `json:"relation"`
	Freshness    map[string]any `json:"freshness"`
	LoadedAt     string         `json:"loaded_at"`
}

type expectedProject struct {
	Nodes    map[string]expectedNode `json:"nodes"`
	Disabled []string                `json:"disabled"`
}

func readExpected(t *testing.T) expectedProject {
	t.Helper()
	text, err := os.ReadFile("testdata/shop.expected.json")
	if err != nil {
		t.Fatal(err)
	}
	var want expectedProject
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	return want
}

// render knows the few expressions that the test projects hold.
func render(text string, scope project.Scope) (any, error) {
	inner := strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(text, "{{"), "}}"))
	switch {
	case inner == "env_var('SHOP_MART', 'table')":
		return "table", nil
	case text == "orders_{{ target.name }}":
		return "orders_dev", nil
	case strings.HasPrefix(inner, "var('"):
		name := strings.TrimSuffix(strings.TrimPrefix(inner, "var('"), "')")
		if v, ok := scope.Vars[name]; ok {
			return v, nil
		}
		return nil, fmt.Errorf("var %s is not defined for package %s", name, scope.Package)
	}
	return nil, fmt.Errorf("the test does not know %q", text)
}

// inFile is what config() says in the files of testdata/shop.
var inFile = map[string]map[string]any{
	"model.shop.raw_events": {"tags": []any{"events", "daily"}, "full_refresh": false},
	"model.shop.customers":  {"materialized": "table", "meta": map[string]any{"tier": int64(1)}, "tags": "core", "order_by": "id"},
	"model.shop.old_report": {"enabled": false},
	"test.shop.no_orphans":  {"tags": []any{"orphans"}, "severity": "error"},
}

func loadShop(t *testing.T) *project.Project {
	t.Helper()
	p, err := project.Load(context.Background(), project.Options{Dir: "testdata/shop", Render: render})
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range p.Nodes {
		var calls []map[string]any
		if call := inFile[n.UniqueID]; call != nil {
			calls = append(calls, call)
		}
		config, problems := project.ResolveConfig(p, n, calls)
		if err := problems.Err(); err != nil {
			t.Errorf("%s: %v", n.UniqueID, err)
		}
		n.Config = config
	}
	return p
}

// missing is dbt's node for a test of a model that does not exist; ours is
// left out, with the warning that dbt gives as well.
const missing = "test.shop.row_floor_missing_model_.ab41723084"

func TestLoadAgreesWithDbt(t *testing.T) {
	p, want := loadShop(t), readExpected(t)
	delete(want.Nodes, missing)
	for _, n := range p.Nodes {
		w, ok := want.Nodes[n.UniqueID]
		if !ok {
			if n.Config.Enabled || !slices.Contains(want.Disabled, n.UniqueID) {
				t.Errorf("%s: dbt has no such node", n.UniqueID)
			}
			continue
		}
		delete(want.Nodes, n.UniqueID)
		compareNode(t, n, w)
	}
	for id := range want.Nodes {
		t.Errorf("%s: missing", id)
	}
}

func compareNode(t *testing.T, n *project.Node, w expectedNode) {
	t.Helper()
	same := func(what string, got, want any) {
		t.Helper()
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %s is %#v, dbt has %#v", n.UniqueID, what, got, want)
		}
	}
	tags := append([]string{}, n.Config.Tags...)
	sort.Strings(tags)
	same("fqn", n.FQN, w.FQN)
	same("name", n.Name, w.Name)
	same("path", strings.TrimPrefix(n.Place.File, "packages/helpers/"), w.Path)
	same("tags", tags, append([]string{}, w.Tags...))
	same("meta", fmt.Sprint(n.Config.Meta), fmt.Sprint(w.Meta))
	same("alias", n.Config.Alias, w.Alias)
	same("group", n.Config.Group, w.Group)
	same("access", n.Access, w.Access)
	same("version", n.Version+" "+n.Latest, w.Version+" "+w.Latest)
	same("full_refresh", n.Config.FullRefresh, w.FullRefresh)
	same("checksum", n.Checksum, w.Checksum)
	same("raw", strings.TrimSpace(n.Raw), w.Raw)
	if w.Materialized != "" {
		same("materialized", n.Config.Materialized, w.Materialized)
	}
	if w.PatchPath != "" || n.PatchPath != "" {
		same("patch_path", n.PatchPackage+"://"+n.PatchPath, w.PatchPath)
	}
	var hooks []string
	for _, h := range n.Config.PreHook {
		hooks = append(hooks, h.SQL)
	}
	same("pre-hook", hooks, w.PreHook)
	switch n.Kind {
	case project.Test:
		compareTest(same, n, w)
	case project.Source:
		compareSource(same, n, w)
	default:
		same("schema", n.Config.Schema, w.Schema)
	}
}

func compareTest(same func(string, any, any), n *project.Node, w expectedNode) {
	severity, said := n.Config.Values["severity"].(string)
	if !said {
		severity = "ERROR" // dbt writes its standard value out
	}
	same("severity", severity, w.Severity)
	same("column", n.Test.Column, w.Column)
	if n.Test.Generic == "" {
		return
	}
	same("file", n.Test.FileName, w.File)
	if !strings.HasPrefix(n.Test.AttachedTo, "source.") { // dbt attaches none to sources
		same("attached", n.Test.AttachedTo, w.Attached)
	}
	kwargs := map[string]any{"model": "{{ get_where_subquery(" + n.Test.Model + ") }}"}
	for k, v := range n.Test.Arguments {
		kwargs[k] = v
	}
	got, _ := json.Marshal(kwargs)
	want, _ := json.Marshal(w.Kwargs)
	same("kwargs", string(got), string(want))
}

func compareSource(same func(string, any, any), n *project.Node, w expectedNode) {
	same("relation", []string{n.Relation.Schema, n.Relation.Identifier}, w.Relation)
	same("loaded_at", n.Source.LoadedAt, w.LoadedAt)
	limit := func(key string) project.Threshold {
		m, _ := w.Freshness[key].(map[string]any)
		count, _ := m["count"].(float64)
		period, _ := m["period"].(string)
		return project.Threshold{Count: int(count), Period: period}
	}
	var got project.Freshness
	if n.Source.Freshness != nil {
		got = *n.Source.Freshness
	}
	filter, _ := w.Freshness["filter"].(string)
	same("freshness", got, project.Freshness{WarnAfter: limit("warn_after"), ErrorAfter: limit("error_after"), Filter: filter})
}
