package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// adapterSetting is one that dbt-clickhouse gives every table. It means
// something to replicated tables only, and there it is the default's opposite
// for the sake of inserts that tiendi does not make.
const adapterSetting = "replicated_deduplication_window = '0', "

// sameDesign compares engines, keys, partitions, TTLs, settings and columns.
func sameDesign(t *testing.T, theirs, ours *shop) {
	design := func(s *shop) map[string]string {
		out := map[string]string{}
		for _, row := range s.query(t, fmt.Sprintf("select name, engine, sorting_key, primary_key, partition_key, engine_full from system.tables where database = '%s'", s.database)) {
			out[row.text("name")] = fmt.Sprintf("engine %s, sorting key (%s), primary key (%s), partition key (%s), %s",
				row.text("engine"), row.text("sorting_key"), row.text("primary_key"), row.text("partition_key"), strings.Replace(row.text("engine_full"), adapterSetting, "", 1))
		}
		for _, row := range s.query(t, fmt.Sprintf("select table, name, type, default_expression from system.columns where database = '%s' order by table, position", s.database)) {
			out[row.text("table")] += fmt.Sprintf("\n%s %s %s", row.text("name"), row.text("type"), row.text("default_expression"))
		}
		delete(out, "load_history")
		return out
	}
	sameTexts(t, design(theirs), design(ours))
}

// sameCompiled compares the compiled SQL, file by file.
func sameCompiled(t *testing.T, theirs, ours *shop) {
	sameTexts(t, compiledFiles(t, theirs), compiledFiles(t, ours))
}

func compiledFiles(t *testing.T, s *shop) map[string]string {
	t.Helper()
	out := map[string]string{}
	root := os.DirFS(filepath.Join(s.dir, "target", "compiled"))
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(root, name)
		out[name] = strings.ReplaceAll(string(text), s.database, "shop")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// sameResults compares what became of each node, and how many rows failed.
func sameResults(t *testing.T, theirs, ours *shop) {
	want := resultsOf(t, theirs)
	// dbt lists saved queries, which have nothing to do without an export.
	maps.DeleteFunc(want, func(id, _ string) bool { return strings.HasPrefix(id, "saved_query.") })
	sameTexts(t, want, resultsOf(t, ours))
}

func resultsOf(t *testing.T, s *shop) map[string]string {
	t.Helper()
	var results struct {
		Results []struct {
			ID       string `json:"unique_id"`
			Status   string `json:"status"`
			Failures *int   `json:"failures"`
		} `json:"results"`
	}
	readJSON(t, filepath.Join(s.dir, "target", "run_results.json"), &results)
	out := map[string]string{}
	for _, r := range results.Results {
		out[r.ID] = r.Status
		if r.Failures != nil {
			out[r.ID] += fmt.Sprintf(", %d failures", *r.Failures)
		}
	}
	return out
}

func readJSON(t *testing.T, name string, into any) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// sameManifest compares which nodes there are, and what each depends on.
func sameManifest(t *testing.T, theirs, ours *shop) {
	t.Helper()
	nodes := func(s *shop) map[string]string {
		var manifest map[string]json.RawMessage
		readJSON(t, filepath.Join(s.dir, "target", "manifest.json"), &manifest)
		out := map[string]string{}
		for _, kind := range []string{"nodes", "sources", "metrics", "semantic_models", "exposures"} {
			var entries map[string]struct {
				DependsOn struct {
					Nodes []string `json:"nodes"`
				} `json:"depends_on"`
			}
			if err := json.Unmarshal(manifest[kind], &entries); err != nil {
				t.Fatalf("%s of manifest.json: %v", kind, err)
			}
			for id, entry := range entries {
				slices.Sort(entry.DependsOn.Nodes)
				out[id] = strings.Join(slices.Compact(entry.DependsOn.Nodes), " ")
			}
		}
		return out
	}
	sameTexts(t, nodes(theirs), nodes(ours))
}

// sameTexts wants what both sides say of each thing to be equal.
func sameTexts(t *testing.T, theirs, ours map[string]string) {
	t.Helper()
	if len(theirs) == 0 {
		t.Fatal("real dbt left nothing to compare")
	}
	differ := 0
	for _, name := range slices.Sorted(maps.Keys(theirs)) {
		if our, there := ours[name]; !there {
			t.Errorf("tiendi has no %s", name)
		} else if our != theirs[name] {
			if differ++; differ <= 5 {
				t.Errorf("%s: real dbt\n%s\ntiendi\n%s", name, theirs[name], our)
			}
		}
	}
	for name := range ours {
		if _, there := theirs[name]; !there {
			t.Errorf("only tiendi has %s", name)
		}
	}
	if differ > 5 {
		t.Errorf("%d of %d differ", differ, len(theirs))
	}
}
