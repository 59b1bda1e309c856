package event

import (
	"cmp"
	"slices"
	"strings"
)

// TypeInfo describes a type of a registry.
type TypeInfo struct {
	Type        Type
	Web         bool     // sent in the visitor's browser
	Description string   // of its schema
	Required    []string // keys that its properties must have
	File        string   // of the project's schema, "" for one of the binary's
	// Full says that events of the type go through the full JSON Schema
	// validator, since its schema uses more than the fast path knows.
	Full bool
}

// Types lists all types: those of the binary in their order, then the
// project's own by name.
func (r *Registry) Types() []TypeInfo {
	order := map[Type]int{}
	for i, t := range Types() {
		order[t] = i - len(Types())
	}
	infos := make([]TypeInfo, 0, len(r.types))
	for _, c := range r.types {
		info := TypeInfo{Type: c.name, Web: c.node.source == "web", Description: c.node.description, File: c.file, Full: c.schema != nil}
		if properties := c.node.at("properties"); properties != nil {
			info.Required = properties.requiredKeys()
		}
		infos = append(infos, info)
	}
	slices.SortFunc(infos, func(a, b TypeInfo) int {
		return cmp.Or(cmp.Compare(order[a.Type], order[b.Type]), strings.Compare(string(a.Type), string(b.Type)))
	})
	return infos
}
