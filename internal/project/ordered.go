package project

import "go.yaml.in/yaml/v3"

// Ordered is a mapping whose keys keep the order they were written in, since
// templates loop over vars.
type Ordered []Member

// Member is one key of an Ordered.
type Member struct {
	Key   string
	Value any
}

func ordered(entries []entry) Ordered {
	o := make(Ordered, len(entries))
	for i, e := range entries {
		o[i] = Member{e.key, valueOf(e.value, true)}
	}
	return o
}

// vars reads a vars block: by name at the top, in order below.
func vars(n *yaml.Node) map[string]any {
	entries := entriesOf(n)
	m := make(map[string]any, len(entries))
	for _, e := range entries {
		m[e.key] = valueOf(e.value, true)
	}
	return m
}

// scoped are the vars that a vars block holds for one package.
func scoped(vars map[string]any, pkg string) map[string]any {
	members, _ := vars[pkg].(Ordered)
	m := make(map[string]any, len(members))
	for _, one := range members {
		m[one.Key] = one.Value
	}
	return m
}
