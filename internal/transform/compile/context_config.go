package compile

import (
	"strings"

	"github.com/tiendi/tiendi/internal/project/jinja"
)

// configValue is config(…) and config.get and its like. While parsing, calls
// are kept and answers are empty, as dbt has it; while compiling, calls do
// nothing and answers come from the settled configuration.
type configValue struct{ scope *scope }

// Type is dbt's class.
func (*configValue) Type() string { return "RuntimeConfigObject" }

// Call is config(key=value, …) or config({…}).
func (v *configValue) Call(c *jinja.Call) (jinja.Value, error) {
	values := map[string]any{}
	switch {
	case len(c.Args) == 1 && len(c.Kwargs) == 0:
		given, ok := toGo(c.Args[0]).(map[string]any)
		if !ok {
			return nil, failure("write config(materialized='table', …)", "config was given %s, not keys and values", describe(c.Args[0]))
		}
		values = given
	case len(c.Args) == 0:
		for _, k := range c.Kwargs {
			values[k.Name] = toGo(k.Value)
		}
	default:
		return nil, failure("write config(materialized='table', …)", "config takes keyword arguments only")
	}
	return v.keep(values)
}

func (v *configValue) keep(values map[string]any) (jinja.Value, error) {
	rec := v.scope.parsing
	if rec == nil {
		return jinja.Str(""), nil
	}
	for _, old := range []string{"pre_hook", "post_hook"} {
		hooks, ok := values[old]
		if !ok {
			continue
		}
		key := strings.Replace(old, "_", "-", 1)
		if _, both := values[key]; both {
			return nil, failure("keep one of them", "config has both %s and %s", old, key)
		}
		delete(values, old)
		values[key] = hooks
	}
	if len(values) > 0 {
		rec.configs = append(rec.configs, values)
	}
	return jinja.Str(""), nil
}

// Attr finds a method.
func (v *configValue) Attr(name string) (jinja.Value, bool) {
	switch name {
	case "get", "require", "meta_get", "meta_require":
		return function("config."+name, func(c *jinja.Call) (jinja.Value, error) { return v.read(c, name) }), true
	case "set":
		return function("config.set", v.set), true
	case "persist_relation_docs":
		return v.persists("relation"), true
	case "persist_column_docs":
		return v.persists("columns"), true
	}
	return nil, false
}

func (v *configValue) set(c *jinja.Call) (jinja.Value, error) {
	a, err := arguments(c, "config.set", "name", "value")
	if err != nil {
		return nil, err
	}
	name, ok := text(a[0])
	if !ok {
		return nil, failure("", "config.set takes a name and a value")
	}
	return v.keep(map[string]any{name: toGo(a[1])})
}

// read answers config.get and config.require.
func (v *configValue) read(c *jinja.Call, method string) (jinja.Value, error) {
	a, err := arguments(c, "config."+method, "name", "default", "validator")
	if err != nil {
		return nil, err
	}
	if v.scope.parsing != nil {
		return jinja.Str(""), nil
	}
	name, _ := text(a[0])
	values := v.values()
	if strings.HasPrefix(method, "meta_") {
		values, _ = values["meta"].(map[string]any)
	}
	if value, ok := values[name]; ok {
		return toValue(value), nil
	}
	if strings.HasSuffix(method, "require") {
		return nil, failure("write it into config() or into the properties", "this %s needs the config %q, which is not set", v.kind(), name)
	}
	if a[1] == nil {
		return jinja.None, nil
	}
	return a[1], nil
}

// values are the node's settled configuration under dbt's defaults.
func (v *configValue) values() map[string]any {
	if v.scope.node == nil {
		return nil
	}
	return settledConfig(v.scope.node)
}

func (v *configValue) kind() string {
	if v.scope.node == nil {
		return "template"
	}
	return string(v.scope.node.Kind)
}

func (v *configValue) persists(what string) jinja.Value {
	return function("config.persist_docs", func(*jinja.Call) (jinja.Value, error) {
		docs, _ := v.values()["persist_docs"].(map[string]any)
		on, _ := docs[what].(bool)
		return jinja.Bool(on && v.scope.parsing == nil), nil
	})
}
