package compile

import (
	"maps"
	"time"

	"github.com/tiendi/tiendi/internal/project"
)

// configDefaults are dbt's defaults of the configuration that models, seeds,
// snapshots and analyses share, in the order of the manifest.
func configDefaults() object {
	return object{
		{"enabled", true}, {"alias", nil}, {"schema", nil}, {"database", nil},
		{"tags", []any{}}, {"meta", map[string]any{}}, {"group", nil}, {"static_analysis", nil},
		{"materialized", "view"}, {"incremental_strategy", nil}, {"batch_size", nil},
		{"lookback", int64(1)}, {"begin", nil}, {"persist_docs", map[string]any{}},
		{"post-hook", []any{}}, {"pre-hook", []any{}}, {"quoting", map[string]any{}},
		{"column_types", map[string]any{}}, {"full_refresh", nil}, {"unique_key", nil},
		{"on_schema_change", "ignore"}, {"on_configuration_change", "apply"},
		{"grants", map[string]any{}}, {"packages", []any{}},
		{"docs", object{{"show", true}, {"node_color", nil}}},
		{"contract", object{{"enforced", false}, {"alias_types", true}}},
		{"event_time", nil}, {"concurrent_batches", nil},
	}
}

func testDefaults() object {
	return object{
		{"enabled", true}, {"alias", nil}, {"schema", "dbt_test__audit"}, {"database", nil},
		{"tags", []any{}}, {"meta", map[string]any{}}, {"group", nil}, {"static_analysis", nil},
		{"materialized", "test"}, {"severity", "ERROR"}, {"store_failures", nil},
		{"store_failures_as", nil}, {"where", nil}, {"limit", nil}, {"fail_calc", "count(*)"},
		{"warn_if", "!= 0"}, {"error_if", "!= 0"},
	}
}

func sourceDefaults() object {
	return object{
		{"enabled", true}, {"event_time", nil}, {"freshness", nil}, {"loaded_at_field", nil},
		{"loaded_at_query", nil}, {"meta", map[string]any{}}, {"tags", []any{}}, {"static_analysis", nil},
	}
}

func defaultsOf(n *project.Node) object {
	switch n.Kind {
	case project.Test:
		return testDefaults()
	case project.Source:
		return sourceDefaults()
	case project.Seed:
		return append(configDefaults(), member{"delimiter", ","}, member{"quote_columns", nil})
	case project.Model:
		access := n.Access
		if access == "" {
			access = "protected"
		}
		return append(configDefaults(), member{"access", access}, member{"freshness", nil})
	case project.Exposure, project.Metric, project.Semantic:
		return object{{"enabled", true}, {"tags", []any{}}, {"meta", map[string]any{}}}
	}
	return configDefaults()
}

// configObject is a node's settled configuration as the manifest has it: dbt's
// defaults, then what was written, further keys sorted behind.
func configObject(n *project.Node) object {
	o := defaultsOf(n)
	rest := maps.Clone(n.Config.Values)
	for i := range o {
		key := o[i].key
		v, written := rest[key]
		delete(rest, key)
		if !written || v == nil {
			continue
		}
		o[i].value = overDefault(o[i].value, v)
	}
	settle(o, "materialized", n.Config.Materialized)
	settle(o, "enabled", n.Config.Enabled)
	if begin, ok := o.get("begin").(string); ok && len(begin) == len(time.DateOnly) {
		settle(o, "begin", begin+"T00:00:00") // dbt reads it as a time
	}
	if store, ok := o.get("store_failures").(bool); ok && o.get("store_failures_as") == nil {
		settle(o, "store_failures_as", map[bool]string{true: "table", false: "ephemeral"}[store])
	}
	settle(o, "post-hook", hookObjects(n.Config.PostHook))
	settle(o, "pre-hook", hookObjects(n.Config.PreHook))
	for _, key := range keysOf(rest) {
		o = append(o, member{key, rest[key]})
	}
	return o
}

func settle(o object, key string, v any) {
	for i := range o {
		if o[i].key == key {
			o[i].value = v
		}
	}
}

// overDefault lays a written mapping over the default one, so that docs and
// contract keep the keys that were not written.
func overDefault(def, written any) any {
	base, ok := def.(object)
	over, isMap := written.(map[string]any)
	if !ok || !isMap {
		return written
	}
	rest := maps.Clone(over)
	for i := range base {
		if v, ok := rest[base[i].key]; ok {
			base[i].value = v
			delete(rest, base[i].key)
		}
	}
	for _, key := range keysOf(rest) {
		base = append(base, member{key, rest[key]})
	}
	return base
}

// settledConfig is configObject by key, for config.get.
func settledConfig(n *project.Node) map[string]any {
	out := map[string]any{}
	for _, m := range configObject(n) {
		out[m.key] = m.value
		if o, ok := m.value.(object); ok {
			out[m.key] = o.plain()
		}
	}
	return out
}

func (o object) plain() map[string]any {
	out := make(map[string]any, len(o))
	for _, m := range o {
		out[m.key] = m.value
	}
	return out
}

func hookObjects(hooks []project.Hook) []any {
	out := make([]any, len(hooks))
	for i, h := range hooks {
		out[i] = object{{"sql", h.SQL}, {"transaction", h.Transaction}, {"index", nil}}
	}
	return out
}
