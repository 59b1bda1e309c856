package project

import (
	"errors"
	"strings"

	"go.yaml.in/yaml/v3"
)

// renderer renders the Jinja of one document's strings.
type renderer struct {
	doc   *document
	call  Render
	scope Scope
}

// hasJinja says whether a string needs Jinja at all; most do not.
func hasJinja(s string) bool {
	return strings.Contains(s, "{{") || strings.Contains(s, "{%") || strings.Contains(s, "{#")
}

// render replaces, in place, the strings below n that hold Jinja by what they
// come to. skip is asked with the keys on the way to a value (list positions
// count as "") and leaves that value and all below it as written.
func (r *renderer) render(n *yaml.Node, path []string, skip func(path []string) bool) {
	if r.call == nil || n == nil {
		return
	}
	switch n.Kind {
	case yaml.AliasNode:
		r.render(n.Alias, path, skip)
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			below := append(path[:len(path):len(path)], n.Content[i].Value)
			if n.Content[i].Value == "<<" {
				below = path
			}
			if !skip(below) {
				r.render(n.Content[i+1], below, skip)
			}
		}
	case yaml.SequenceNode:
		for _, c := range n.Content {
			below := append(path[:len(path):len(path)], "")
			if !skip(below) {
				r.render(c, below, skip)
			}
		}
	case yaml.ScalarNode:
		r.scalar(n)
	}
}

// scalar renders one string in place.
func (r *renderer) scalar(n *yaml.Node) {
	if r.call == nil || n.Kind != yaml.ScalarNode || !hasJinja(n.Value) {
		return
	}
	scope := r.scope
	scope.Place = r.doc.place(n)
	v, err := r.call(n.Value, scope)
	if err != nil {
		var told Problem
		if !errors.As(err, &told) {
			told = Problem{Message: err.Error()}
		}
		r.doc.problem(n, told.Hint, "%s", told.Message)
		*n = *nodeOf("", n)
		return
	}
	*n = *nodeOf(v, n)
}

// never renders everything.
func never([]string) bool { return false }
