package run

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/local/localtest"
	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/transform/compile"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// shop is a database of its own with nodes written by hand; compiling them is
// looking up their text.
type shop struct {
	t      testing.TB
	client *warehouse.Client
	schema string
	nodes  map[string]*project.Node
	sql    map[string]string // by unique id
	events []Event
	dir    string
}

func open(t testing.TB) *shop {
	t.Helper()
	lease := localtest.Acquire(t)
	client, err := warehouse.Open(t.Context(), lease.Warehouse())
	if err != nil {
		t.Fatal(err)
	}
	s := emptyShop(t, client, fmt.Sprintf("run_%d", time.Now().UnixNano()), t.TempDir())
	s.exec("CREATE DATABASE " + s.schema)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if _, err := client.Exec(ctx, "DROP DATABASE "+s.schema+" SYNC"); err != nil {
			t.Error(err)
		}
		_ = client.Close()
	})
	return s
}

func emptyShop(t testing.TB, client *warehouse.Client, schema, dir string) *shop {
	return &shop{t: t, client: client, schema: schema, dir: dir, nodes: map[string]*project.Node{}, sql: map[string]string{}}
}

func (s *shop) exec(sql string) {
	s.t.Helper()
	if _, err := s.client.Exec(s.t.Context(), s.text(sql)); err != nil {
		s.t.Fatalf("%v\nin %s", err, sql)
	}
}

// text puts the names of relations into SQL: {orders} is `schema`.orders.
func (s *shop) text(sql string) string {
	sql = strings.ReplaceAll(sql, "{this_schema}", s.schema)
	for strings.Contains(sql, "{") {
		before, rest, _ := strings.Cut(sql, "{")
		name, after, ok := strings.Cut(rest, "}")
		if !ok {
			break
		}
		sql = before + s.schema + "." + name + after
	}
	return sql
}

// values reads one column as text, sorted by the query.
func (s *shop) values(sql string) []string {
	s.t.Helper()
	rows, err := s.client.Query(s.t.Context(), s.text(sql))
	if err != nil {
		s.t.Fatalf("%v\nin %s", err, sql)
	}
	defer func() { _ = rows.Close() }()
	var out []string
	for rows.Next() {
		v, err := rows.Values()
		if err != nil {
			s.t.Fatal(err)
		}
		out = append(out, strings.TrimSpace(fmt.Sprintln(v...)))
	}
	if err := rows.Err(); err != nil {
		s.t.Fatal(err)
	}
	return out
}

func (s *shop) want(sql string, want ...string) {
	s.t.Helper()
	if got := s.values(sql); !slices.Equal(got, want) {
		s.t.Errorf("%s\ngot  %q\nwant %q", sql, got, want)
	}
}

// nothingLeft checks that no run has left anything temporary.
func (s *shop) nothingLeft() {
	s.t.Helper()
	s.want("SELECT name FROM system.tables WHERE database = '{this_schema}' AND startsWith(name, '_t') ORDER BY name")
}

// model adds a model; config is "key: value" pairs given as a map.
func (s *shop) model(name, materialized, sql string, config map[string]any, parents ...string) *project.Node {
	n := &project.Node{
		UniqueID: "model.shop." + name, Kind: project.Model, Package: "shop", Name: name, Path: "models/" + name + ".sql",
		Place:     project.Place{File: "models/" + name + ".sql"},
		Relation:  project.Relation{Schema: s.schema, Identifier: name},
		DependsOn: parents,
	}
	n.Config = project.Config{Enabled: true, Materialized: materialized, Values: map[string]any{"materialized": materialized}}
	maps.Copy(n.Config.Values, config)
	if full, ok := config["full_refresh"].(bool); ok {
		n.Config.FullRefresh = &full
	}
	s.nodes[n.UniqueID] = n
	s.sql[n.UniqueID] = sql
	return n
}

// test adds a test of a model; sql gives the failing rows.
func (s *shop) test(name, sql string, config map[string]any, parents ...string) *project.Node {
	n := s.model(name, "test", sql, config, parents...)
	delete(s.nodes, n.UniqueID)
	delete(s.sql, n.UniqueID)
	n.UniqueID, n.Kind, n.Path = "test.shop."+name, project.Test, "tests/"+name+".sql"
	n.Relation.Schema = s.schema + "_audit"
	s.nodes[n.UniqueID], s.sql[n.UniqueID] = n, sql
	return n
}

// Parents makes the shop a Graph.
func (s *shop) Parents(id string) []string {
	if n := s.nodes[id]; n != nil {
		return n.DependsOn
	}
	return nil
}

// Node makes the shop a Graph.
func (s *shop) Node(id string) *project.Node { return s.nodes[id] }

// shopCompiler gives a node's text, with what stands between [[ and ]] only
// for incremental changes, and the times of a batch.
type shopCompiler struct {
	*shop
	w           compile.Warehouse
	fullRefresh bool
}

func (c shopCompiler) Compile(ctx context.Context, n *project.Node, b *compile.Batch) (compile.Compiled, error) {
	sql := c.text(c.sql[n.UniqueID])
	if before, rest, ok := strings.Cut(sql, "[["); ok {
		inner, after, _ := strings.Cut(rest, "]]")
		rows, err := c.w.Query(ctx, fmt.Sprintf("SELECT 1 FROM system.tables WHERE database = '%s' AND name = '%s' AND engine LIKE '%%MergeTree'", n.Relation.Schema, n.Relation.Identifier))
		if err != nil {
			return compile.Compiled{}, err
		}
		if exists := rows.Next(); !exists || c.fullRefresh {
			inner = ""
		}
		if err := rows.Close(); err != nil {
			return compile.Compiled{}, err
		}
		sql = before + inner + after
	}
	if b != nil {
		layout := "2006-01-02 15:04:05"
		sql = strings.NewReplacer("@start", b.Start.Format(layout), "@end", b.End.Format(layout)).Replace(sql)
	}
	return compile.Compiled{SQL: sql, Path: "compiled/" + n.Path}, nil
}

func (c shopCompiler) Render(_ context.Context, _ *project.Node, template, _ string) (string, error) {
	return c.text(template), nil
}

func (c shopCompiler) RenderWith(ctx context.Context, n *project.Node, template, what string, _ map[string]any) (string, error) {
	return c.Render(ctx, n, template, what)
}

// options select every node.
func (s *shop) options(command string) Options {
	var nodes []*project.Node
	for _, id := range slices.Sorted(maps.Keys(s.nodes)) {
		nodes = append(nodes, s.nodes[id])
	}
	var mu sync.Mutex
	return Options{
		Command: command, Nodes: nodes, Graph: s, Warehouse: s.client,
		Compiler: func(w compile.Warehouse) Compiler { return shopCompiler{shop: s, w: w} },
		Schema:   s.schema, Threads: 4, TargetDir: s.dir, StatementLog: true, InvocationID: "test", Version: "test",
		Clock:  time.Now,
		Events: func(e Event) { mu.Lock(); defer mu.Unlock(); s.events = append(s.events, e) },
	}
}

// run runs all nodes and wants them to succeed.
func (s *shop) run(change ...func(*Options)) *Results {
	s.t.Helper()
	o := s.options("run")
	for _, c := range change {
		c(&o)
	}
	if o.FullRefresh {
		o.Compiler = func(w compile.Warehouse) Compiler { return shopCompiler{shop: s, w: w, fullRefresh: true} }
	}
	results, err := Run(s.t.Context(), o)
	if err != nil {
		s.t.Fatalf("%v: %s", err, messages(results))
	}
	return results
}

func messages(rs *Results) string {
	var out []string
	for _, r := range rs.Results {
		out = append(out, fmt.Sprintf("%s %s %s", r.Node.Name, r.Status, r.Message))
	}
	return strings.Join(out, "\n")
}

func full(o *Options) { o.FullRefresh = true }

func fullCompiler(s *shop) func(compile.Warehouse) Compiler {
	return func(w compile.Warehouse) Compiler { return shopCompiler{shop: s, w: w, fullRefresh: true} }
}

// pausedCompiler stands still while it compiles.
type pausedCompiler struct {
	shopCompiler
	text           string
	paused, resume chan struct{}
}

func (c pausedCompiler) Compile(context.Context, *project.Node, *compile.Batch) (compile.Compiled, error) {
	close(c.paused)
	<-c.resume
	return compile.Compiled{SQL: c.text}, nil
}

func pausing(s *shop, text string, paused, resume chan struct{}) func(compile.Warehouse) Compiler {
	return func(w compile.Warehouse) Compiler {
		return pausedCompiler{shopCompiler{shop: s, w: w}, text, paused, resume}
	}
}
