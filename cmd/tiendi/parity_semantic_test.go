package main

import (
	"encoding/json"
	"path/filepath"
	"testing"
)

// sameSemantics compares what dbt and tiendi write for MetricFlow, after both
// have parsed the project: every semantic model, metric and saved query.
func sameSemantics(t *testing.T, theirs, ours *shop) {
	sameTexts(t, semanticsOf(t, theirs), semanticsOf(t, ours))
}

func semanticsOf(t *testing.T, s *shop) map[string]string {
	t.Helper()
	var manifest map[string]json.RawMessage
	readJSON(t, filepath.Join(s.dir, "target", "semantic_manifest.json"), &manifest)
	out := map[string]string{}
	for _, kind := range []string{"semantic_models", "metrics", "saved_queries"} {
		var entries []map[string]any
		if err := json.Unmarshal(manifest[kind], &entries); err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		for _, entry := range entries {
			delete(entry, "node_relation") // each has a database of its own
			text, err := json.MarshalIndent(withoutEmpty(entry), "", " ")
			if err != nil {
				t.Fatal(err)
			}
			out[kind+" "+entry["name"].(string)] = string(text)
		}
	}
	return out
}

// withoutEmpty leaves out what is null or empty, and where dbt found things.
func withoutEmpty(v any) any {
	switch v := v.(type) {
	case map[string]any:
		kept := map[string]any{}
		for key, value := range v {
			value = withoutEmpty(value)
			if key != "metadata" && key != "config" && value != nil {
				kept[key] = value
			}
		}
		if len(kept) > 0 {
			return kept
		}
		return nil
	case []any:
		if len(v) == 0 {
			return nil
		}
		list := make([]any, len(v))
		for i := range v {
			list[i] = withoutEmpty(v[i])
		}
		return list
	}
	return v
}
