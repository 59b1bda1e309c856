package compile

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/project"
)

// testOptions are those that the golden files of testdata were made with, by
// dbt 1.11 and dbt-clickhouse 1.10.
func testOptions() Options {
	env := map[string]string{"SHOP_REGION": "south"}
	return Options{
		Target: Target{Name: "dev", Profile: "shop", Type: "clickhouse", Schema: "shop_dev", Threads: 2,
			Fields: map[string]any{"host": "127.0.0.1", "user": "default"}},
		Flags:        Flags{FullRefresh: true, Which: "compile"},
		LookupEnv:    func(name string) (string, bool) { v, ok := env[name]; return v, ok },
		Now:          time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC),
		InvocationID: "00000000-0000-0000-0000-000000000001",
	}
}

func parseDir(t *testing.T, dir string) (*Manifest, error) {
	t.Helper()
	o := testOptions()
	p, err := project.Load(context.Background(), project.Options{Dir: dir, Render: o.YAML()})
	if err != nil {
		return nil, err
	}
	o.Project = p
	return Parse(context.Background(), o)
}

func mustParse(t *testing.T, dir string) *Manifest {
	t.Helper()
	m, err := parseDir(t, dir)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestCompiledEqualsDBT holds every compiled file against dbt's, byte for byte.
func TestCompiledEqualsDBT(t *testing.T) {
	m := mustParse(t, "testdata/shop")
	c := m.Compiler(nil) // a full refresh asks no warehouse
	got := map[string]string{}
	for _, n := range m.Nodes {
		if n.Kind == project.Seed {
			continue
		}
		out, err := c.Compile(context.Background(), n, nil)
		if err != nil {
			t.Errorf("%s: %v", n.UniqueID, err)
			continue
		}
		got[out.Path] = out.SQL
	}
	want := goldenFiles(t, "testdata/shop_golden")
	for path, text := range want {
		sql, ok := got[path]
		if !ok {
			t.Errorf("%s was not compiled", path)
		} else if strings.HasSuffix(path, "analyses/helpers.sql") {
			// How many blanks stand around what a helper prints is nobody's matter.
			if a, b := strings.Join(strings.Fields(sql), ""), strings.Join(strings.Fields(text), ""); a != b {
				t.Errorf("%s:\n got %q\nwant %q", path, a, b)
			}
		} else if sql != text {
			t.Errorf("%s:\n got %q\nwant %q", path, sql, text)
		}
	}
	for path := range got {
		if _, ok := want[path]; !ok {
			t.Errorf("dbt compiles no %s", path)
		}
	}
}

func goldenFiles(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(filepath.Join(dir, "compiled"), func(name string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := os.ReadFile(name)
		rel, _ := filepath.Rel(dir, name)
		files[filepath.ToSlash(rel)] = string(text)
		return err
	})
	if err != nil || len(files) == 0 {
		t.Fatalf("golden files of %s: %v (%d found)", dir, err, len(files))
	}
	return files
}

// TestManifestEqualsDBT holds what the manifest says of every node against
// dbt's manifest.json.
func TestManifestEqualsDBT(t *testing.T) {
	m := mustParse(t, "testdata/shop")
	var got struct {
		Nodes, Sources, Exposures map[string]map[string]any
		ParentMap                 map[string][]string `json:"parent_map"`
		ChildMap                  map[string][]string `json:"child_map"`
	}
	if err := json.Unmarshal(m.JSON(), &got); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("testdata/shop_golden/manifest.json")
	if err != nil {
		t.Fatal(err)
	}
	var want struct {
		Nodes     map[string]map[string]any
		ParentMap map[string][]string `json:"parent_map"`
		ChildMap  map[string][]string `json:"child_map"`
	}
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	all := map[string]map[string]any{}
	for _, part := range []map[string]map[string]any{got.Nodes, got.Sources, got.Exposures} {
		for id, n := range part {
			all[id] = n
		}
	}
	for id, w := range want.Nodes {
		g, ok := all[id]
		if !ok {
			t.Errorf("%s is missing", id)
			continue
		}
		delete(all, id)
		if c, ok := w["config"].(map[string]any); ok && w["test_metadata"] != nil {
			delete(c, "tags") // dbt doubles a test's own tags there and forgets its column's
			delete(g["config"].(map[string]any), "tags")
		}
		compareJSON(t, id, g, w)
	}
	for id := range all {
		t.Errorf("dbt has no %s", id)
	}
	if !reflect.DeepEqual(got.ParentMap, want.ParentMap) {
		t.Errorf("parent_map:\n got %v\nwant %v", got.ParentMap, want.ParentMap)
	}
	if !reflect.DeepEqual(got.ChildMap, want.ChildMap) {
		t.Errorf("child_map:\n got %v\nwant %v", got.ChildMap, want.ChildMap)
	}
}

// compareJSON reports every value of want that got has otherwise.
func compareJSON(t *testing.T, at string, got, want any) {
	t.Helper()
	w, ok := want.(map[string]any)
	g, same := got.(map[string]any)
	if !ok || !same {
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %v, want %v", at, show(got), show(want))
		}
		return
	}
	for key, value := range w {
		if _, ok := g[key]; !ok {
			t.Errorf("%s.%s is missing, want %v", at, key, show(value))
			continue
		}
		compareJSON(t, at+"."+key, g[key], value)
	}
	for key := range g {
		if _, ok := w[key]; !ok && strings.Contains(at, ".config") {
			t.Errorf("%s.%s: dbt has no such key", at, key)
		}
	}
}

func show(v any) string {
	text, _ := json.Marshal(v)
	return string(text)
}
