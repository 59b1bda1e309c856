package graph

import (
	"fmt"
	"sort"
	"strings"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/spelling"
)

// Named gives the nodes that a selector of selectors.yml takes (--selector).
func Named(g *Graph, name string, env Env) ([]*project.Node, error) {
	env, err := env.standard()
	if err != nil {
		return nil, err
	}
	sp, err := (&reader{env: env}).selector(name)
	if err != nil {
		return nil, err
	}
	return run(g, sp, env)
}

// DefaultSelector gives the name of the selector that selectors.yml marks with
// default: true, "" when it marks none.
func DefaultSelector(selectors []any) string {
	for _, one := range selectors {
		m, _ := one.(map[string]any)
		if on, _ := m["default"].(bool); on {
			name, _ := m["name"].(string)
			return name
		}
	}
	return ""
}

// namedSet gives the nodes of selector:name on the command line.
func (s *selection) namedSet(name string) (set, error) {
	sp, err := (&reader{env: s.env}).selector(name)
	if err != nil {
		return nil, err
	}
	direct, _, err := s.recurse(sp)
	return direct, err
}

// reader reads definitions of selectors.yml.
type reader struct {
	env  Env
	open []string // selectors being read, to catch circles
}

// selector reads the definition of one selector.
func (r *reader) selector(name string) (spec, error) {
	for _, n := range r.open {
		if n == name {
			return spec{}, fmt.Errorf("selectors.yml: selectors name each other in a circle: %s", strings.Join(append(r.open, name), " → "))
		}
	}
	var names []string
	for _, one := range r.env.Selectors {
		m, _ := one.(map[string]any)
		if m["name"] == name {
			r.open = append(r.open, name)
			defer func() { r.open = r.open[:len(r.open)-1] }()
			sp, err := r.definition(m["definition"])
			if err != nil {
				return spec{}, fmt.Errorf("selectors.yml: selector %s: %w", name, err)
			}
			return sp, nil
		}
		if n, ok := m["name"].(string); ok {
			names = append(names, n)
		}
	}
	if len(names) == 0 {
		return spec{}, fmt.Errorf("there is no selector %s: selectors.yml defines none", name)
	}
	sort.Strings(names)
	hint := "defined are: " + strings.Join(names, ", ")
	if near := spelling.Near(name, names); near != "" {
		hint = "did you mean " + near + "?"
	}
	return spec{}, fmt.Errorf("there is no selector %s in selectors.yml\n  %s", name, hint)
}

// definition reads text, {method: value}, {method:, value:, …}, union or
// intersection.
func (r *reader) definition(v any) (spec, error) {
	switch v := v.(type) {
	case string:
		return parseCriterion(v, r.env.Indirect)
	case map[string]any:
		if list, ok := v["union"]; ok {
			return r.group(union, "union", list, len(v))
		}
		if list, ok := v["intersection"]; ok {
			return r.group(intersection, "intersection", list, len(v))
		}
		return r.criterion(v)
	}
	return spec{}, fmt.Errorf("a definition must be text, a method with its value, union or intersection, not %v", v)
}

// group reads the parts of a union or intersection; one part may exclude.
func (r *reader) group(op operation, word string, v any, keys int) (spec, error) {
	list, ok := v.([]any)
	if !ok {
		return spec{}, fmt.Errorf("%s must be a list", word)
	}
	if keys > 1 {
		return spec{}, fmt.Errorf("%s must stand alone: put the rest into its list", word)
	}
	sp := spec{op: op, indirect: Eager}
	var excluded *spec
	for _, one := range list {
		m, _ := one.(map[string]any)
		if what, ok := m["exclude"]; ok && m["method"] == nil {
			if excluded != nil {
				return spec{}, fmt.Errorf("%s excludes twice: put both into one exclude", word)
			}
			out, err := r.exclusion(what)
			if err != nil {
				return spec{}, err
			}
			excluded = &out
			continue
		}
		part, err := r.definition(one)
		if err != nil {
			return spec{}, err
		}
		sp.parts = append(sp.parts, part)
	}
	if excluded == nil {
		return sp, nil
	}
	return spec{op: difference, parts: []spec{sp, *excluded}, indirect: Eager}, nil
}

func (r *reader) exclusion(v any) (spec, error) {
	list, ok := v.([]any)
	if !ok {
		return spec{}, fmt.Errorf("exclude must be a list")
	}
	out := spec{op: union, indirect: Eager}
	for _, one := range list {
		part, err := r.definition(one)
		if err != nil {
			return spec{}, err
		}
		out.parts = append(out.parts, part)
	}
	return out, nil
}
