package graph_test

import (
	"strings"
	"testing"

	"github.com/tiendi/tiendi/internal/project/graph"
)

func TestSelectErrors(t *testing.T) {
	p, g := loadShop(t)
	env := graph.Env{Package: "shop", Root: shopDir, Selectors: p.Selectors}
	for _, c := range []struct{ text, want string }{
		{"tga:x", "selector \"tga:x\": tga is not a method\n  did you mean tag:?"},
		{"zzzzz:x", "known methods: fqn, tag"},
		{"@orders+", "@ takes all descendants already"},
		{"99999999999+orders", "99999999999 is no number of steps"},
		{"resource_type:modle", "did you mean resource_type:model?"},
		{"test_type:x", "write one of: generic, singular, unit, data"},
		{"version:newest", "there is no version newest"},
		{"source:a.b.c.d", "write source:name, source:name.table or source:package.name.table"},
		{"exposure:a.b.c", "write exposure:name or exposure:package.name"},
		{"config:x", "say which key: config.materialized:table"},
		{"path:/etc", "relative to the project's folder"},
		{"state:modified", "name its folder with --state"},
		{"result:error", "name its folder with --state"},
		{"source_status:fresher", "name its folder with --state"},
		{"selector:nihtly", "there is no selector nihtly in selectors.yml\n  did you mean nightly?"},
	} {
		_, err := graph.Select(g, []string{c.text}, nil, env)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.text, err, c.want)
		}
		if _, err := graph.Select(g, nil, []string{c.text}, env); err == nil {
			t.Errorf("--exclude %s is no error", c.text)
		}
	}
	if _, err := graph.Select(g, nil, nil, graph.Env{Indirect: "carefull"}); err == nil || !strings.Contains(err.Error(), "did you mean cautious?") && !strings.Contains(err.Error(), "write one of: eager") {
		t.Errorf("got %v", err)
	}
	if _, err := graph.Named(g, "unheard", env); err == nil || !strings.Contains(err.Error(), "defined are: as_text, both, careful, inherits, nightly") {
		t.Errorf("got %v", err)
	}
}

func TestNoMatchWarns(t *testing.T) {
	_, g := loadShop(t)
	var warnings []string
	env := graph.Env{Warn: func(s string) { warnings = append(warnings, s) }}
	nodes, err := graph.Select(g, []string{"stg_orders nothing_here", "tag:absent,tag:web"}, []string{"not_there"}, env)
	if err != nil || len(nodes) == 0 {
		t.Fatalf("got %d nodes, %v", len(nodes), err)
	}
	want := "the selector nothing_here matches no enabled node|the selector tag:absent,tag:web matches no enabled node|the selector not_there matches no enabled node"
	if got := strings.Join(warnings, "|"); got != want {
		t.Errorf("got %s", got)
	}
}

func TestFilesThatHoldNothingAreLeftOut(t *testing.T) {
	_, g := loadShop(t)
	for hollow, want := range map[bool]string{true: "empty", false: ""} {
		nodes, err := graph.Select(g, []string{"empty"}, nil, graph.Env{Hollow: hollow})
		if err != nil || namesOf(nodes) != want {
			t.Errorf("Hollow %v: got %q, %v", hollow, namesOf(nodes), err)
		}
	}
}

func TestSelectorsFileErrors(t *testing.T) {
	_, g := loadShop(t)
	m := func(pairs ...any) map[string]any {
		out := map[string]any{}
		for i := 0; i < len(pairs); i += 2 {
			out[pairs[i].(string)] = pairs[i+1]
		}
		return out
	}
	for _, c := range []struct {
		definition any
		want       string
	}{
		{m("method", "selector", "value", "s"), "selectors name each other in a circle: s → s"},
		{m("method", "tag"), "must have method and value"},
		{m("union", "x"), "union must be a list"},
		{m("union", []any{}, "exclude", []any{}), "union must stand alone"},
		{m("union", []any{m("exclude", []any{"a"}), m("exclude", []any{"b"})}), "union excludes twice"},
		{m("method", "tag", "value", "x", "chlidren", true), "unknown key chlidren, did you mean children?"},
		{m("method", "tag", "value", "x", "parents_depth", "far"), "parents_depth must be a number of steps"},
		{m("method", "tag", "value", "x", "indirect_selection", "egaer"), "did you mean eager?"},
		{m("method", "tga", "value", "x"), "did you mean tag:?"},
		{int64(3), "a definition must be text"},
	} {
		env := graph.Env{Selectors: []any{m("name", "s", "definition", c.definition)}}
		if _, err := graph.Named(g, "s", env); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: got %v, want %q", c.definition, err, c.want)
		}
	}
	if _, err := graph.Named(g, "s", graph.Env{}); err == nil || !strings.Contains(err.Error(), "selectors.yml defines none") {
		t.Errorf("got %v", err)
	}
	if got := graph.DefaultSelector([]any{m("name", "a"), m("name", "b", "default", true)}); got != "b" {
		t.Errorf("the default selector is b, got %q", got)
	}
}

func FuzzSelect(f *testing.F) {
	for _, seed := range []string{
		"stg_orders", "2+tag:web+1", "@orders", "path:models/**/*.sql", "a,b c,d", "config.meta.tier:1", "source:*.[!o]*", "fqn:[", "++", ":", "test_type:data",
	} {
		f.Add(seed)
	}
	_, g := loadShop(f)
	f.Fuzz(func(t *testing.T, text string) {
		taken, err := graph.Select(g, []string{text}, nil, graph.Env{Package: "shop"})
		if err != nil {
			return
		}
		left, err := graph.Select(g, nil, []string{text}, graph.Env{Package: "shop"})
		if err != nil {
			t.Fatalf("%q selects and does not exclude: %v", text, err)
		}
		all, err := graph.Select(g, nil, nil, graph.Env{Package: "shop"})
		if err != nil {
			t.Fatal(err)
		}
		if strings.TrimSpace(text) != "" && len(taken)+len(left) != len(all) {
			t.Fatalf("%q takes %d and leaves %d of %d", text, len(taken), len(left), len(all))
		}
	})
}

func FuzzSelectorsFile(f *testing.F) {
	f.Add("tag", "web", true)
	f.Add("selector", "s", false)
	f.Add("union", "x", true)
	_, g := loadShop(f)
	f.Fuzz(func(t *testing.T, method, value string, children bool) {
		env := graph.Env{Selectors: []any{map[string]any{"name": "s", "definition": map[string]any{
			"method": method, "value": value, "children": children,
		}}}}
		nodes, err := graph.Named(g, "s", env)
		if err != nil && nodes != nil {
			t.Fatal("nodes beside an error")
		}
	})
}
