package compile

import (
	"strings"

	"github.com/tiendi/tiendi/internal/project/jinja"
)

// sequence is agate's MappedSequence: values in order, some of them with keys.
// A column of a result is one too.
type sequence struct {
	kind  string
	name  string   // of a column
	typed string   // ClickHouse type of a column
	names []string // keys of items, nil when they have none
	items []jinja.Value
}

// Type is agate's class.
func (s *sequence) Type() string { return s.kind }

// Item finds a value by number or by key.
func (s *sequence) Item(key jinja.Value) (jinja.Value, bool) {
	if i, ok := index(key, len(s.items)); ok {
		return s.items[i], true
	}
	if name, ok := text(key); ok {
		for i, n := range s.names {
			if n == name {
				return s.items[i], true
			}
		}
	}
	return nil, false
}

// Attr finds methods and what columns know of themselves.
func (s *sequence) Attr(name string) (jinja.Value, bool) {
	switch name {
	case "name":
		if s.kind == "Column" {
			return jinja.Str(s.name), true
		}
	case "data_type":
		if s.kind == "Column" {
			return jinja.Str(s.typed), true
		}
	case "values":
		return function(name, func(*jinja.Call) (jinja.Value, error) { return jinja.NewTuple(s.items...), nil }), true
	case "keys":
		return function(name, func(*jinja.Call) (jinja.Value, error) { return tupleOf(s.names), nil }), true
	case "items":
		return function(name, s.pairs), true
	case "dict":
		return function(name, s.dict), true
	case "get":
		return function(name, s.get), true
	}
	return s.Item(jinja.Str(name))
}

func (s *sequence) pairs(*jinja.Call) (jinja.Value, error) {
	var out []jinja.Value
	for i, n := range s.names {
		out = append(out, jinja.NewTuple(jinja.Str(n), s.items[i]))
	}
	return jinja.NewList(out...), nil
}

func (s *sequence) dict(*jinja.Call) (jinja.Value, error) {
	d := jinja.NewDict()
	for i, n := range s.names {
		_ = d.Set(jinja.Str(n), s.items[i]) // text is always hashable
	}
	return d, nil
}

func (s *sequence) get(c *jinja.Call) (jinja.Value, error) {
	a, err := arguments(c, "get", "key", "default")
	if err != nil {
		return nil, err
	}
	if v, ok := s.Item(a[0]); ok {
		return v, nil
	}
	if a[1] == nil {
		return jinja.None, nil
	}
	return a[1], nil
}

// Iter goes over the values.
func (s *sequence) Iter() func() (jinja.Value, bool) { return iterate(s.items) }

// Len is the number of values.
func (s *sequence) Len() int { return len(s.items) }

// String prints as agate does.
func (s *sequence) String() string {
	parts := make([]string, len(s.items))
	for i, v := range s.items {
		parts[i] = represented(v)
	}
	return "<agate." + s.kind + ": (" + strings.Join(parts, ", ") + ")>"
}
