package compile

import (
	"github.com/tiendi/tiendi/internal/project/jinja"
)

// arguments binds a call's arguments to names, positional ones first. Those
// not given are nil; one too many or an unknown keyword is an error.
func arguments(c *jinja.Call, what string, names ...string) ([]jinja.Value, error) {
	bound := make([]jinja.Value, len(names))
	if len(c.Args) > len(names) {
		return nil, failure("", "%s takes at most %d arguments, %d were given", what, len(names), len(c.Args))
	}
	copy(bound, c.Args)
next:
	for _, k := range c.Kwargs {
		for i, name := range names {
			if name == k.Name {
				bound[i] = k.Value
				continue next
			}
		}
		return nil, failure(hint(k.Name, names), "%s takes no argument %q", what, k.Name)
	}
	return bound, nil
}

// text is a str argument; false for anything else, None and undefined among it.
func text(v jinja.Value) (string, bool) {
	switch v := v.(type) {
	case jinja.Str:
		return string(v), true
	case jinja.Markup:
		return string(v), true
	}
	return "", false
}

// textOr is a str argument, or other when it was not given or is None.
func textOr(v jinja.Value, other string) string {
	if s, ok := text(v); ok {
		return s
	}
	return other
}

func given(v jinja.Value) bool {
	if v == nil || v == jinja.None {
		return false
	}
	_, undefined := v.(*jinja.Undefined)
	return !undefined
}

func function(name string, fn func(*jinja.Call) (jinja.Value, error)) jinja.Value {
	return jinja.NewFunc(name, fn)
}

// attributes is an object of the context with fixed attributes, some of them
// made when they are asked for.
type attributes struct {
	kind string
	get  func(name string) jinja.Value // nil result: no such attribute
	show string
}

// Type is the name of the Python class.
func (a *attributes) Type() string { return a.kind }

// Attr finds an attribute, or dict's method get.
func (a *attributes) Attr(name string) (jinja.Value, bool) {
	v := a.get(name)
	if v == nil && name == "get" && a.kind == "dict" {
		return function("get", a.getOr), true
	}
	return v, v != nil
}

func (a *attributes) getOr(c *jinja.Call) (jinja.Value, error) {
	b, err := arguments(c, "get", "key", "default")
	if err != nil {
		return nil, err
	}
	if v := a.get(textOr(b[0], "")); v != nil {
		return v, nil
	}
	if b[1] == nil {
		return jinja.None, nil
	}
	return b[1], nil
}

// IsMapping is true of what dbt gives as a dict.
func (a *attributes) IsMapping() bool { return a.kind == "dict" }

// Item finds it by subscript, as a dict would.
func (a *attributes) Item(key jinja.Value) (jinja.Value, bool) {
	name, ok := text(key)
	if !ok {
		return nil, false
	}
	return a.Attr(name)
}

// String says what it is.
func (a *attributes) String() string { return "<" + a.show + ">" }
