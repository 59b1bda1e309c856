package compile

import (
	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/project/jinja"
)

// graph is all nodes of the project, by kind and unique id.
func (s *scope) graph() jinja.Value {
	if s.man == nil {
		return toValue(map[string]any{"nodes": map[string]any{}, "sources": map[string]any{}})
	}
	d := jinja.NewDict()
	put := func(key string, v jinja.Value) { _ = d.Set(jinja.Str(key), v) } // text is always hashable
	put("nodes", s.nodesValue(s.man.Nodes, ""))
	put("sources", s.nodesValue(s.man.Sources, ""))
	put("exposures", s.nodesValue(s.man.Others, project.Exposure))
	put("metrics", s.nodesValue(s.man.Others, project.Metric))
	put("semantic_models", s.nodesValue(s.man.Others, project.Semantic))
	put("saved_queries", jinja.NewDict())
	put("groups", jinja.NewDict())
	put("macros", jinja.NewDict())
	return d
}

// nodesValue is a dict of nodes whose values are made when they are looked at.
func (s *scope) nodesValue(nodes map[string]*project.Node, kind project.Kind) jinja.Value {
	d := jinja.NewDict()
	for _, id := range keysOf(nodes) {
		if kind == "" || nodes[id].Kind == kind {
			_ = d.Set(jinja.Str(id), &nodeValue{scope: s, node: nodes[id]})
		}
	}
	return d
}

// nodeValue is a node within graph. It becomes a dict when a template asks for
// more than what names it, since a project has thousands.
type nodeValue struct {
	scope *scope
	node  *project.Node
	dict  *jinja.Dict
}

// Type is "dict".
func (*nodeValue) Type() string { return "dict" }

func (v *nodeValue) whole() *jinja.Dict {
	if v.dict == nil {
		v.dict, _ = v.scope.nodeObject(v.node).value().(*jinja.Dict)
	}
	return v.dict
}

// Attr finds an attribute, or a method of dict.
func (v *nodeValue) Attr(name string) (jinja.Value, bool) {
	switch name {
	case "get":
		return function("get", v.getOr), true
	case "keys":
		return v.list("keys", (*jinja.Dict).Keys), true
	case "values":
		return v.list("values", (*jinja.Dict).Values), true
	}
	return v.Item(jinja.Str(name))
}

func (v *nodeValue) list(name string, of func(*jinja.Dict) []jinja.Value) jinja.Value {
	return function(name, func(*jinja.Call) (jinja.Value, error) { return jinja.NewList(of(v.whole())...), nil })
}

func (v *nodeValue) getOr(c *jinja.Call) (jinja.Value, error) {
	a, err := arguments(c, "get", "key", "default")
	if err != nil {
		return nil, err
	}
	if found, ok := v.Item(a[0]); ok {
		return found, nil
	}
	if a[1] == nil {
		return jinja.None, nil
	}
	return a[1], nil
}

// Item finds a value by its key.
func (v *nodeValue) Item(key jinja.Value) (jinja.Value, bool) {
	switch key {
	case jinja.Str("unique_id"):
		return jinja.Str(v.node.UniqueID), true
	case jinja.Str("name"):
		return jinja.Str(v.node.Name), true
	case jinja.Str("resource_type"):
		return jinja.Str(v.node.Kind), true
	case jinja.Str("package_name"):
		return jinja.Str(v.node.Package), true
	}
	found, ok, err := v.whole().Get(key)
	return found, ok && err == nil
}

// Iter goes over the keys.
func (v *nodeValue) Iter() func() (jinja.Value, bool) {
	keys := v.whole().Keys()
	return func() (jinja.Value, bool) {
		if len(keys) == 0 {
			return nil, false
		}
		key := keys[0]
		keys = keys[1:]
		return key, true
	}
}

// Len is the number of keys.
func (v *nodeValue) Len() int { return v.whole().Len() }
