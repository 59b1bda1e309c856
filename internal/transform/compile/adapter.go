package compile

import (
	"strings"

	"github.com/tiendi/tiendi/internal/project/jinja"
)

// adapterValue is adapter. Methods that ask the warehouse answer with nothing
// while the project is parsed.
type adapterValue struct{ scope *scope }

// Type is dbt's class.
func (*adapterValue) Type() string { return "RuntimeDatabaseWrapper" }

// Attr finds a method.
func (v *adapterValue) Attr(name string) (jinja.Value, bool) {
	s := v.scope
	switch name {
	case "dispatch":
		return function("adapter.dispatch", s.dispatch), true
	case "Relation":
		return s.relationClass(), true
	case "config":
		return &attributes{kind: "RuntimeConfig", show: "config", get: s.projectConfig}, true
	case "behavior":
		return &attributes{kind: "Behavior", show: "behavior", get: func(string) jinja.Value {
			return toValue(map[string]any{"no_warn": false, "setting": false})
		}}, true
	}
	if call, ok := s.plainAdapter(name); ok {
		return function("adapter."+name, call), true
	}
	if call, ok := s.askingAdapter(name); ok {
		return function("adapter."+name, s.onlyCompiling(name, call)), true
	}
	return nil, false
}

func (s *scope) projectConfig(name string) jinja.Value {
	if name == "project_name" {
		return jinja.Str(s.project.Root().Name)
	}
	return nil
}

// plainAdapter are methods that need no warehouse.
func (s *scope) plainAdapter(name string) (func(*jinja.Call) (jinja.Value, error), bool) {
	answer := func(v jinja.Value) func(*jinja.Call) (jinja.Value, error) {
		return func(*jinja.Call) (jinja.Value, error) { return v, nil }
	}
	switch name {
	case "type":
		return answer(jinja.Str("clickhouse")), true
	case "quote":
		return func(c *jinja.Call) (jinja.Value, error) {
			a, err := arguments(c, "adapter.quote", "identifier")
			if err != nil {
				return nil, err
			}
			return jinja.Str(`"` + plainText(a[0]) + `"`), nil
		}, true
	case "quote_as_configured":
		return func(c *jinja.Call) (jinja.Value, error) {
			a, err := arguments(c, "adapter.quote_as_configured", "identifier", "quote_key")
			if err != nil {
				return nil, err
			}
			return jinja.Str(`"` + plainText(a[0]) + `"`), nil
		}, true
	case "get_clickhouse_cluster_name":
		if s.options.Target.Cluster == "" {
			return answer(jinja.None), true
		}
		return answer(jinja.Str(`"` + s.options.Target.Cluster + `"`)), true
	case "get_clickhouse_local_suffix", "get_clickhouse_local_db_prefix", "clickhouse_db_engine_clause":
		return answer(jinja.Str("")), true
	case "supports_atomic_exchange", "can_exchange":
		return answer(jinja.Bool(true)), true
	case "should_on_cluster":
		return answer(jinja.Bool(s.options.Target.Cluster != "")), true
	case "cache_added", "cache_dropped", "cache_renamed", "commit", "clear_transaction":
		return answer(jinja.Str("")), true
	case "get_missing_columns":
		return s.getMissingColumns, true
	case "build_catalog_relation":
		return answer(jinja.None), true
	}
	return nil, false
}

// onlyCompiling makes a method give nothing while the project is parsed: an
// empty list where it lists something, None elsewhere.
func (s *scope) onlyCompiling(name string, call func(*jinja.Call) (jinja.Value, error)) func(*jinja.Call) (jinja.Value, error) {
	if s.executing() {
		return call
	}
	return func(*jinja.Call) (jinja.Value, error) {
		if strings.HasPrefix(name, "get_column") || strings.HasPrefix(name, "list_") {
			return jinja.NewList(), nil
		}
		return jinja.None, nil
	}
}

// dispatch is adapter.dispatch('macro', 'namespace').
func (s *scope) dispatch(c *jinja.Call) (jinja.Value, error) {
	a, err := arguments(c, "adapter.dispatch", "macro_name", "macro_namespace", "packages")
	if err != nil {
		return nil, err
	}
	name, ok := text(a[0])
	if !ok {
		return nil, failure("write adapter.dispatch('name', 'package')", "the name given to adapter.dispatch is %s, not text", describe(a[0]))
	}
	if pkg, macro, dotted := strings.Cut(name, "."); dotted {
		return nil, failure("write adapter.dispatch('"+macro+"', '"+pkg+"')", "adapter.dispatch takes the name of a macro and its package apart, not %q", name)
	}
	m, tried := s.macros.dispatched(s.pkg, name, textOr(a[1], ""))
	if m == nil {
		return nil, failure("searched for "+strings.Join(tried, ", "), "adapter.dispatch found no macro for '%s'", name)
	}
	return s.bind(m), nil
}
