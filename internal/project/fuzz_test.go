package project

import (
	"os"
	"testing"
)

// anything stands for Jinja that may come to whatever it likes.
func anything(text string, _ Scope) (any, error) {
	values := []any{nil, true, int64(1), 1.5, "text", []any{"a", int64(2)}, map[string]any{"a": []any{nil}}}
	return values[len(text)%len(values)], nil
}

func checkDocument(t *testing.T, problems, warnings Problems) {
	t.Helper()
	for _, p := range append(problems, warnings...) {
		if p.Place.File != "x.yml" || p.Message == "" || p.Place.Line < 0 || p.Place.Column < 0 {
			t.Fatalf("a problem without a place or a message: %#v", p)
		}
	}
}

func FuzzReadProperties(f *testing.F) {
	for _, name := range []string{"models/staging/_staging.yml", "models/marts/_marts.yml"} {
		text, err := os.ReadFile("testdata/shop/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Add("models: [{name: a, versions: [{v: 1}, {v: 2, columns: [{include: '*'}]}], columns: [{name: x, data_tests: [{t: {a: {b: [1.5, ~]}}}]}]}]")
	f.Add("a: &a {<<: *a}\nmodels: *a")
	f.Add("sources: [{name: s, freshness: ~, tables: [{name: t, freshness: {warn_after: ~}}]}]")
	f.Add("? [a]\n: b\n--- \n...")
	pkg := &Package{Name: "p"}
	f.Fuzz(func(t *testing.T, text string) {
		said := readProperties(&document{file: "x.yml"}, []byte(text), pkg, &File{Path: "models/x.yml", Base: "models"}, renderer{call: anything})
		checkDocument(t, said.problems, said.warnings)
		for _, n := range append(said.nodes, said.tests...) {
			if n.UniqueID == "" || len(n.FQN) < 2 || n.Kind == Test && len(n.Test.FileName) > 255 && n.Properties["alias"] != nil {
				t.Fatalf("a node that cannot be: %+v", n)
			}
		}
	})
}

func FuzzReadProjectFile(f *testing.F) {
	text, err := os.ReadFile("testdata/shop/dbt_project.yml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(text))
	f.Add("name: a\nmodels: {a: {+enabled: 1, +tags: {}}}\nmodel-paths: ['.', '..', '/']")
	f.Fuzz(func(t *testing.T, text string) {
		d := &document{file: "x.yml"}
		pkg := readProjectFile(d, []byte(text), "/p", anything)
		checkDocument(t, d.problems, d.warnings)
		if len(d.problems) > 0 {
			return
		}
		p := &Project{Packages: []*Package{pkg}}
		n := &Node{Kind: Model, Package: pkg.Name, Name: "m", FQN: []string{pkg.Name, "m"}, Place: Place{File: "x.yml"}}
		config, problems := ResolveConfig(p, n, nil)
		checkDocument(t, problems, p.unusedConfig())
		if config.Materialized == "" || config.Values == nil {
			t.Fatalf("a configuration that cannot be: %+v", config)
		}
	})
}
