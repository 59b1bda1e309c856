package graph

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/tiendi/tiendi/internal/spelling"
)

var criterionKeys = []string{
	"method", "value", "parents", "parents_depth", "children", "children_depth", "childrens_parents",
	"indirect_selection", "exclude", "greedy",
}

// criterion reads {tag: nightly} or {method: tag, value: nightly, …}.
func (r *reader) criterion(m map[string]any) (spec, error) {
	method, hasMethod := m["method"].(string)
	value, hasValue := m["value"]
	switch {
	case len(m) == 1 && !hasMethod:
		for k, v := range m {
			method, value = k, v
		}
	case !hasMethod || !hasValue:
		return spec{}, fmt.Errorf("a definition must have method and value, or be one method with its value; this has %s", strings.Join(keysOf(m), ", "))
	}
	if method == "selector" {
		return r.selector(fmt.Sprint(value))
	}
	c, err := r.plain(method, value, m)
	if err != nil {
		return spec{}, err
	}
	excluded, ok := m["exclude"]
	if !ok {
		return c, nil
	}
	out, err := r.exclusion(excluded)
	if err != nil {
		return spec{}, err
	}
	return spec{op: difference, parts: []spec{c, out}, indirect: Eager}, nil
}

func (r *reader) plain(method string, value any, m map[string]any) (spec, error) {
	if len(m) > 1 {
		for _, k := range keysOf(m) {
			if !slices.Contains(criterionKeys, k) {
				return spec{}, fmt.Errorf("unknown key %s, did you mean %s?", k, orNone(spelling.Near(k, criterionKeys), "method"))
			}
		}
	}
	text, err := valueText(value)
	if err != nil {
		return spec{}, err
	}
	c := spec{
		raw: method + ":" + text, value: text, indirect: r.env.Indirect,
		at: truth(m["childrens_parents"]), parents: truth(m["parents"]), children: truth(m["children"]),
	}
	if c.parentsDepth, err = depthValue(m, "parents_depth"); err != nil {
		return spec{}, err
	}
	if c.childrenDepth, err = depthValue(m, "children_depth"); err != nil {
		return spec{}, err
	}
	if mode, ok := m["indirect_selection"].(string); ok {
		if c.indirect, err = ParseIndirect(mode); err != nil {
			return spec{}, err
		}
	}
	return c, c.setMethod(method)
}

func keysOf(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func orNone(s, standard string) string {
	if s == "" {
		return standard
	}
	return s
}

func truth(v any) bool {
	on, _ := v.(bool)
	return on
}

func valueText(v any) (string, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case bool, int64, float64:
		return fmt.Sprint(v), nil
	}
	return "", fmt.Errorf("a method's value must be text, not %v", v)
}

func depthValue(m map[string]any, key string) (int, error) {
	switch v := m[key].(type) {
	case nil:
		return -1, nil
	case int64:
		if v >= 0 && v < 1<<31 {
			return int(v), nil
		}
	case string:
		if n, err := strconv.Atoi(v); err == nil && n >= 0 {
			return n, nil
		}
	}
	return 0, fmt.Errorf("%s must be a number of steps, not %v", key, m[key])
}
