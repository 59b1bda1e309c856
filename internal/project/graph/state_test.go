package graph_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/project/graph"
)

// manifestOf writes what a manifest.json says of nodes, as it is compared.
func manifestOf(t *testing.T, nodes []*project.Node) string {
	t.Helper()
	said, macros := map[string]any{}, map[string]any{"macro.p.m": map[string]any{"macro_sql": "old text"}}
	for _, n := range nodes {
		columns := map[string]any{}
		for _, c := range n.Columns {
			columns[c.Name] = map[string]any{"description": c.Description, "data_type": c.DataType}
		}
		said[n.UniqueID] = map[string]any{
			"raw_code": n.Raw, "description": n.Description, "schema": n.Relation.Schema, "alias": n.Relation.Identifier,
			"checksum": map[string]any{"checksum": n.Checksum}, "unrendered_config": n.Config.Values, "columns": columns,
		}
	}
	dir := t.TempDir()
	writeJSON(t, filepath.Join(dir, "manifest.json"), map[string]any{"nodes": said, "macros": macros})
	return dir
}

func writeJSON(t *testing.T, file string, v any) {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestState(t *testing.T) {
	var changed, earlier []*project.Node
	for _, name := range []string{"same", "body", "configs", "relation", "persisted_descriptions", "contract", "macros", "new", "tagged"} {
		for _, list := range []*[]*project.Node{&earlier, &changed} {
			n := nodesOf(name + ":")[0]
			n.Relation = project.Relation{Schema: "s", Identifier: name}
			n.Columns = []project.Column{{Name: "id", DataType: "UInt64"}}
			n.Config.Values = map[string]any{
				"materialized": "table", "persist_docs": map[string]any{"relation": true}, "contract": map[string]any{"enforced": true},
			}
			*list = append(*list, n)
		}
	}
	find := func(name string) *project.Node {
		return changed[slices.IndexFunc(changed, func(n *project.Node) bool { return n.Name == name })]
	}
	find("body").Raw += " -- more"
	find("configs").Config.Values["order_by"] = "id"
	find("tagged").Config.Values["tags"] = []any{"x"}
	find("relation").Relation.Schema = "other"
	find("persisted_descriptions").Description = "new words"
	find("contract").Columns[0].DataType = "String"
	find("macros").Macros = []string{"macro.p.calls"}
	dir := manifestOf(t, slices.DeleteFunc(earlier, func(n *project.Node) bool { return n.Name == "new" }))

	state, err := graph.ReadState(dir, func(id string) (string, []string, bool) {
		if id == "macro.p.m" {
			return "new text", nil, true
		}
		return "", []string{"macro.p.m"}, id == "macro.p.calls"
	})
	if err != nil {
		t.Fatal(err)
	}
	g, err := graph.New(changed)
	if err != nil {
		t.Fatal(err)
	}
	all := "body configs contract macros new persisted_descriptions relation"
	for selector, want := range map[string]string{
		"state:new": "new", "state:modified": all, "state:unmodified": "same tagged",
		"state:old":           "body configs contract macros persisted_descriptions relation same tagged",
		"state:modified.body": "body new", "state:modified.configs": "configs new", "state:modified.relation": "new relation",
		"state:modified.persisted_descriptions": "new persisted_descriptions", "state:modified.contract": "contract new",
		"state:modified.macros": "macros new",
	} {
		nodes, err := graph.Select(g, []string{selector}, nil, graph.Env{State: state})
		if err != nil || namesOf(nodes) != want {
			t.Errorf("%s: got %q, want %q: %v", selector, namesOf(nodes), want, err)
		}
	}
	if _, err := graph.Select(g, []string{"state:modfied"}, nil, graph.Env{State: state}); err == nil {
		t.Error("an unknown state is no error")
	}
	if _, err := graph.ReadState(t.TempDir(), nil); err == nil || !strings.Contains(err.Error(), "manifest.json") {
		t.Errorf("got %v", err)
	}
}

func TestResults(t *testing.T) {
	state, target := t.TempDir(), t.TempDir()
	g, err := graph.New(append(nodesOf("a:", "b: a", "c: b"), &project.Node{
		Kind: project.Source, Package: "p", Name: "t", UniqueID: "source.p.s.t", Source: &project.SourceNode{SourceName: "s"},
	}, &project.Node{
		Kind: project.Source, Package: "p", Name: "u", UniqueID: "source.p.s.u", Source: &project.SourceNode{SourceName: "s"},
	}))
	if err != nil {
		t.Fatal(err)
	}
	writeJSON(t, filepath.Join(state, "run_results.json"), map[string]any{"results": []any{
		map[string]any{"unique_id": "model.p.a", "status": "success"}, map[string]any{"unique_id": "model.p.b", "status": "error"},
		map[string]any{"unique_id": "model.p.c", "status": "skipped"},
	}})
	selected := func(text string) (string, error) {
		results, err := graph.ReadResults(state, target)
		if err != nil {
			return "", err
		}
		nodes, err := graph.Select(g, []string{text}, nil, graph.Env{Results: results})
		return namesOf(nodes), err
	}
	if got, err := selected("result:error result:skipped"); err != nil || got != "b c" {
		t.Errorf("got %q, %v", got, err)
	}
	if _, err := selected("source_status:fresher"); err == nil || !strings.Contains(err.Error(), "sources.json") {
		t.Errorf("got %v", err)
	}
	loaded := func(dir, at, ut string) {
		writeJSON(t, filepath.Join(dir, "sources.json"), map[string]any{"results": []any{
			map[string]any{"unique_id": "source.p.s.t", "max_loaded_at": at}, map[string]any{"unique_id": "source.p.s.u", "max_loaded_at": ut},
		}})
	}
	loaded(state, "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z")
	loaded(target, "2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z")
	if got, err := selected("source_status:fresher"); err != nil || got != "t" {
		t.Errorf("got %q, %v", got, err)
	}
	if err := os.WriteFile(filepath.Join(state, "run_results.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := selected("result:error"); err == nil || !strings.Contains(err.Error(), "run_results.json is not a readable artifact") {
		t.Errorf("got %v", err)
	}
}
