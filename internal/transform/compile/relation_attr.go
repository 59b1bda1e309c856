package compile

import (
	"github.com/tiendi/tiendi/internal/project/jinja"
)

// Attr finds what dbt's Relation has.
func (r *relation) Attr(name string) (jinja.Value, bool) {
	switch name {
	case "database":
		return jinja.Str(""), true
	case "schema":
		return optional(r.schema), true
	case "identifier", "table", "name":
		return optional(r.identifier), true
	case "type":
		return optional(r.kind), true
	case "path":
		return toValue(map[string]any{"database": "", "schema": r.schema, "identifier": r.identifier}), true
	case "is_table", "is_view", "is_cte", "is_materialized_view":
		return jinja.Bool("is_"+r.kind == name), true
	case "can_on_cluster":
		return jinja.Bool(r.onCluster), true
	case "should_on_cluster":
		return jinja.Bool(r.onCluster || r.hideIdentifier), true
	case "can_exchange":
		return jinja.Bool(r.kind == "table"), true
	case "is_temporary":
		return jinja.Bool(r.temporary), true
	case "Table", "View", "CTE", "MaterializedView", "External", "Dictionary":
		return relationKind(name)
	}
	return r.method(name)
}

// relationKind is a constant of the class: api.Relation.View.
func relationKind(name string) (jinja.Value, bool) {
	kinds := map[string]string{
		"Table": "table", "View": "view", "CTE": "cte", "MaterializedView": "materialized_view",
		"External": "external", "Dictionary": "dictionary",
	}
	kind, ok := kinds[name]
	return jinja.Str(kind), ok
}

// Item finds attributes by subscript too.
func (r *relation) Item(key jinja.Value) (jinja.Value, bool) {
	if name, ok := text(key); ok {
		return r.Attr(name)
	}
	return nil, false
}

func (r *relation) method(name string) (jinja.Value, bool) {
	var call func(*jinja.Call) (jinja.Value, error)
	switch name {
	case "render":
		call = func(*jinja.Call) (jinja.Value, error) { return jinja.Str(r.render()), nil }
	case "include":
		call = func(c *jinja.Call) (jinja.Value, error) { return r.include(c) }
	case "quote":
		call = func(*jinja.Call) (jinja.Value, error) { return r, nil } // names are always quoted
	case "incorporate", "replace":
		call = func(c *jinja.Call) (jinja.Value, error) { return r.incorporate(c) }
	case "replace_path":
		call = func(c *jinja.Call) (jinja.Value, error) { return r.replacePath(c.Kwargs) }
	case "without_identifier":
		call = func(*jinja.Call) (jinja.Value, error) {
			out := *r
			out.identifier, out.hideIdentifier = "", true
			return &out, nil
		}
	case "derivative":
		call = func(c *jinja.Call) (jinja.Value, error) { return r.derivative(c) }
	case "get":
		call = r.get
	default:
		return nil, false
	}
	return function("Relation."+name, call), true
}

func (r *relation) include(c *jinja.Call) (jinja.Value, error) {
	a, err := arguments(c, "include", "database", "schema", "identifier")
	if err != nil {
		return nil, err
	}
	out := *r
	if b, ok := a[1].(jinja.Bool); ok {
		out.hideSchema = !bool(b)
	}
	if b, ok := a[2].(jinja.Bool); ok {
		out.hideIdentifier = !bool(b)
	}
	return &out, nil
}

// incorporate changes parts: path, type, is_temporary and the like.
func (r *relation) incorporate(c *jinja.Call) (jinja.Value, error) {
	out := *r
	for _, k := range c.Kwargs {
		switch k.Name {
		case "path":
			path, _ := toGo(k.Value).(map[string]any)
			out.setPath(path)
		case "type":
			out.kind = textOr(k.Value, "")
		case "is_temporary":
			out.temporary = k.Value == jinja.Bool(true)
		case "can_on_cluster":
			out.onCluster = k.Value == jinja.Bool(true)
		}
	}
	return &out, nil
}

func (r *relation) setPath(path map[string]any) {
	if s, ok := path["schema"].(string); ok {
		r.schema = s
	}
	if s, ok := path["identifier"].(string); ok {
		r.identifier = s
	}
}

func (r *relation) replacePath(kwargs []jinja.Kwarg) (jinja.Value, error) {
	out := *r
	path := map[string]any{}
	for _, k := range kwargs {
		path[k.Name] = toGo(k.Value)
	}
	out.setPath(path)
	return &out, nil
}

func (r *relation) derivative(c *jinja.Call) (jinja.Value, error) {
	a, err := arguments(c, "derivative", "suffix", "relation_type", "interpret_suffix_as_full_identifier")
	if err != nil {
		return nil, err
	}
	out := &relation{schema: r.schema, identifier: r.identifier + plainText(a[0]), kind: r.kind, onCluster: r.onCluster}
	if a[2] == jinja.Bool(true) {
		out.identifier = plainText(a[0])
	}
	out.kind = textOr(a[1], out.kind)
	return out, nil
}

// get is dict's, which packages use to tell a relation from text.
func (r *relation) get(c *jinja.Call) (jinja.Value, error) {
	a, err := arguments(c, "get", "key", "default")
	if err != nil {
		return nil, err
	}
	if a[0] == jinja.Str("metadata") {
		return toValue(map[string]any{"type": "ClickHouseRelation"}), nil
	}
	if v, ok := r.Item(a[0]); ok {
		return v, nil
	}
	if a[1] == nil {
		return jinja.None, nil
	}
	return a[1], nil
}
