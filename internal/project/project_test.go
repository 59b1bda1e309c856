package project_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/tiendi/tiendi/internal/project"
)

// unpackText writes a project given as txtar and gives its folder.
func unpackText(t *testing.T, text string) string {
	t.Helper()
	dir := t.TempDir()
	unpack(t, txtar.Parse([]byte(text)), dir)
	return dir
}

func load(t *testing.T, dir string) *project.Project {
	t.Helper()
	p, err := project.Load(context.Background(), project.Options{Dir: dir, Render: render})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func node(t *testing.T, p *project.Project, id string) *project.Node {
	t.Helper()
	for _, n := range p.Nodes {
		if n.UniqueID == id {
			return n
		}
	}
	t.Fatalf("there is no %s", id)
	return nil
}

func TestProjectSettings(t *testing.T) {
	p := load(t, "testdata/shop")
	root := p.Root()
	for _, c := range []struct {
		what      string
		got, want any
	}{
		{"name", root.Name, "shop"}, {"version", root.Version, "1.2.0"}, {"profile", root.Profile, "shop"},
		{"clean-targets", root.CleanTargets, []string{"target", "dbt_packages"}}, {"target-path", root.TargetPath, "target"},
		{"on-run-start", root.OnRunStart, []string{"select '{{ invocation_id }}'"}}, {"on-run-end", root.OnRunEnd, []string{"select 1"}},
		{"dispatch", root.Dispatch, []project.Dispatch{{Namespace: "helpers", SearchOrder: []string{"shop", "helpers"}}}},
		{"require-dbt-version", root.RequireVersion, []string{">=1.8.0", "<2.0.0"}},
		{"vars of the root", p.VarsFor("shop")["limit_rows"], int64(10)},
		{"a var that the root sets for a package", p.VarsFor("helpers")["depth"], int64(3)},
		{"a package's own var", p.VarsFor("helpers")["width"], int64(2)},
		{"a var of the package is none of the root", p.VarsFor("shop")["width"], nil},
		{"rendered with the vars of its package", node(t, p, "model.helpers.calendar").Properties["meta"], map[string]any{"depth": int64(3), "width": int64(2)}},
		{"macros", len(p.Macros), 3}, {"docs", len(p.Docs), 1}, {"groups", p.Groups[0].Name, "sales"}, {"selectors", len(p.Selectors), 5},
		{"macro patch", p.Patches[0].Arguments, []project.MacroArgument{{Name: "column", Type: "string", Description: "an expression"}}},
		{"docs text", strings.HasPrefix(p.Docs[0].Raw, "{% docs erp %}"), true},
		{"a description is not rendered", node(t, p, "model.shop.stg_orders").Description, "Orders as the ledger has them: {{ doc('erp') }}"},
		{"place of a test", node(t, p, "test.shop.not_null_stg_orders_id.8cf5724805").Place.String(), "models/staging/_staging.yml:49:13"},
		{"unknown package", p.Package("x"), (*project.Package)(nil)},
	} {
		if !reflect.DeepEqual(c.got, c.want) {
			t.Errorf("%s: got %#v, want %#v", c.what, c.got, c.want)
		}
	}
}

func TestResolveConfigMerges(t *testing.T) {
	p := load(t, unpackText(t, `
-- dbt_project.yml --
name: shop
models:
  +tags: all
  +docs: {show: true}
  +grants: {select: [a], insert: b}
  shop:
    +post-hook: one
    +meta: {a: 1, b: 1}
    sub: {+tags: [sub], +materialized: table, materialized: view, +post_hook: [two]}
  pkg:
    +materialized: incremental
    +tags: [mine]
-- packages.yml --
packages: [{local: pkg}]
-- pkg/dbt_project.yml --
name: pkg
models: {pkg: {+materialized: table, +tags: [theirs], +schema: s}}
-- pkg/models/m.sql --
select 1
-- models/sub/a.sql --
select 1
-- models/_m.yml --
models:
  - name: a
    config: {tags: [yml], meta: {b: 2, c: 2}, grants: {+select: c, insert: [d]}, post_hook: {sql: three, transaction: false}, unique_key: id}
`))
	a := node(t, p, "model.shop.a")
	c, problems := project.ResolveConfig(p, a, []map[string]any{
		{"tags": "file", "meta": map[string]any{"c": int64(3)}, "post_hook": `{"sql": "four", "transaction": false}`, "enabled": "False"},
		{"tags": []any{"all", "more"}, "full_refresh": false, "alias": "other"},
	})
	if err := problems.Err(); err != nil {
		t.Fatal(err)
	}
	off := false
	want := project.Config{
		Enabled: false, Materialized: "table", Alias: "other", FullRefresh: &off,
		Tags: []string{"all", "sub", "yml", "file", "more"}, Meta: map[string]any{"a": int64(1), "b": int64(2), "c": int64(3)},
		Docs: map[string]any{"show": true},
		PostHook: []project.Hook{
			{SQL: "one", Transaction: true}, {SQL: "two", Transaction: true}, {SQL: "three"}, {SQL: "four"},
		},
		Values: c.Values,
	}
	if !reflect.DeepEqual(c, want) {
		t.Errorf("got  %+v\nwant %+v", c, want)
	}
	grants := map[string]any{"select": []any{"a", "c"}, "insert": []any{"d"}}
	if !reflect.DeepEqual(c.Values["grants"], grants) || c.Values["unique_key"] != "id" || c.Values["full_refresh"] != false {
		t.Errorf("values: %v", c.Values)
	}
	if again, _ := project.ResolveConfig(p, a, nil); len(again.Tags) != 3 || len(again.PostHook) != 3 {
		t.Errorf("resolving changed what it resolves from: %+v", again)
	}
	m, _ := project.ResolveConfig(p, node(t, p, "model.pkg.m"), []map[string]any{{"materialized": "view", "schema": "f"}})
	if m.Materialized != "incremental" || m.Schema != "f" || !reflect.DeepEqual(m.Tags, []string{"theirs", "all", "mine"}) {
		t.Errorf("the root project has the last word on a package: %+v", m)
	}
}

func TestCheckNames(t *testing.T) {
	at := func(file string) project.Place { return project.Place{File: file, Line: 1} }
	named := func(kind project.Kind, pkg, name, file string) *project.Node {
		return &project.Node{Kind: kind, Package: pkg, Name: name, UniqueID: string(kind) + "." + pkg + "." + name, Place: at(file)}
	}
	got := project.CheckNames([]*project.Node{
		named(project.Model, "p", "a", "models/z/a.sql"), named(project.Model, "p", "a", "models/a/a.sql"),
		named(project.Seed, "p", "b", "seeds/b.csv"), named(project.Model, "p", "b", "models/b.sql"),
		named(project.Model, "q", "b", "q/models/b.sql"), named(project.Analysis, "p", "b", "analyses/b.sql"),
	}).Error()
	want := "models/z/a.sql:1: model a is defined twice; the other one is at models/a/a.sql:1\n" +
		"  rename one of them, or disable one with enabled: false\n" +
		"seeds/b.csv:1: seed b has the name of the model at models/b.sql:1: ref('b') could mean either\n  rename one of them"
	if got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestFingerprint(t *testing.T) {
	dir := unpackText(t, "-- dbt_project.yml --\nname: shop\n-- models/a.sql --\nselect 1\n")
	seen := map[string]string{}
	open := func(what string) {
		t.Helper()
		p, err := project.Open(context.Background(), project.Options{Dir: dir, Render: render})
		if err != nil {
			t.Fatal(err)
		}
		if before, ok := seen[p.Fingerprint()]; ok {
			t.Errorf("%s: the fingerprint is that of %s", what, before)
		}
		seen[p.Fingerprint()] = what
	}
	put := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	open("the start")
	put("models/b.sql", "select 2")
	open("a new file")
	put("models/b.sql", "select 22")
	open("another size")
	if err := os.Chtimes(filepath.Join(dir, "models/b.sql"), time.Time{}, time.Unix(1, 0)); err != nil {
		t.Fatal(err)
	}
	open("another time")
	if err := os.Rename(filepath.Join(dir, "models/b.sql"), filepath.Join(dir, "models/c.sql")); err != nil {
		t.Fatal(err)
	}
	open("another name")
	put("dbt_project.yml", "name: shop\nvars: {a: 1}\n")
	open("other settings")
	again, err := project.Open(context.Background(), project.Options{Dir: dir, Render: render})
	if err != nil || seen[again.Fingerprint()] != "other settings" {
		t.Errorf("nothing changed, and the fingerprint did: %v", err)
	}
}

func TestFilesThatCannotBeRead(t *testing.T) {
	dir := unpackText(t, "-- dbt_project.yml --\nname: shop\n-- models/a.sql --\nselect 1\n-- seeds/s.csv --\na\n")
	write := func(name string, text []byte) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("models/latin.sql", []byte("select 1\nselect 'a\xf1o'"))
	write("models/bom.sql", []byte("\ufeffselect 1\n\n"))
	write("models/huge.sql", make([]byte, 16<<20+1))
	write("models/huge.yml", make([]byte, 16<<20+1))
	for link, to := range map[string]string{"models/link.sql": "a.sql", "models/gone.sql": "nothing.sql", "models/loop": "../models"} {
		if err := os.Symlink(to, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	o := project.Options{Dir: dir}
	_, err := project.Load(context.Background(), o)
	for _, want := range []string{
		"models/latin.sql: cannot be read: line 2 is not UTF-8", "models/huge.sql: cannot be read: larger than the 16777216 bytes",
		"models/huge.yml: cannot be read: larger than", "models/gone.sql: cannot be read:",
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	for _, name := range []string{"latin.sql", "huge.sql", "huge.yml", "gone.sql"} {
		if err := os.Remove(filepath.Join(dir, "models", name)); err != nil {
			t.Fatal(err)
		}
	}
	p := load(t, dir)
	if n := node(t, p, "model.shop.bom"); n.Raw != "select 1" || n.Checksum != node(t, p, "model.shop.link").Checksum {
		t.Errorf("a byte order mark and white space do not count: %q", n.Raw)
	}
	if len(p.Nodes) != 4 {
		t.Errorf("a folder that is a symlink is not entered: %d nodes", len(p.Nodes))
	}
}

func TestLargeSeedsAreHashedToo(t *testing.T) {
	dir := unpackText(t, "-- dbt_project.yml --\nname: shop\n")
	if err := os.MkdirAll(filepath.Join(dir, "seeds"), 0o755); err != nil {
		t.Fatal(err)
	}
	sums := map[string]bool{}
	for _, last := range []string{"1", "2"} {
		text := strings.Repeat("0123456789\n", 1<<17) + last
		if err := os.WriteFile(filepath.Join(dir, "seeds/big.csv"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		sums[node(t, load(t, dir), "seed.shop.big").Checksum] = true
	}
	if len(sums) != 2 || sums[""] {
		t.Errorf("the checksum must follow the content: %v", sums)
	}
}

func TestAliasBombIsRefused(t *testing.T) {
	bomb := "a: &a [x,x,x,x,x,x,x,x,x]\n"
	for c := 'b'; c <= 'k'; c++ {
		ref := "*" + string(c-1)
		bomb += string(c) + ": &" + string(c) + " [" + strings.Repeat(ref+",", 8) + ref + "]\n"
	}
	for name, text := range map[string]string{
		"aliases expand to more": bomb, "nested deeper than": "a: " + strings.Repeat("[", 200) + strings.Repeat("]", 200), "anchor 'a' value contains itself": "a: &a [*a]\n",
	} {
		dir := unpackText(t, "-- dbt_project.yml --\nname: shop\n-- models/_m.yml --\n"+text)
		_, err := project.Load(context.Background(), project.Options{Dir: dir})
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		if !strings.Contains(err.Error(), "models/_m.yml") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestLoadStopsWhenCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := project.Load(ctx, project.Options{Dir: "testdata/shop", Render: render}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
