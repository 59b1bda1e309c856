package jinja

import (
	"strings"
)

// getter reads a dotted attribute path, with a default for what is undefined.
func (st *state) getter(path, otherwise Value) func(Value) (Value, error) {
	var parts []Value
	if s, ok := textOf(path); ok {
		for _, p := range strings.Split(s, ".") {
			if allRunes(isDigitRune)(p) {
				parts = append(parts, parseIntText(p))
			} else {
				parts = append(parts, Str(p))
			}
		}
	} else if path != nil && path != None {
		parts = []Value{path}
	}
	return func(v Value) (Value, error) {
		for _, p := range parts {
			var err error
			if v, err = st.getItem(v, p); err != nil {
				return nil, err
			}
			if otherwise != nil && otherwise != None && isUndefined(v) {
				v = otherwise
			}
		}
		return v, nil
	}
}

func parseIntText(s string) Value {
	if v := intOf(s, 10); v != nil {
		return v
	}
	return Str(s)
}

func mapFilters(t table) {
	t.raw("map", func(c *Call) (Value, error) { return mapOver(c, "sync_do_map", prepareMap) })
	for name, want := range map[string]bool{"select": true, "reject": false} {
		t.raw(name, func(c *Call) (Value, error) { return selectFilter(c, name, want, false) })
		t.raw(name+"attr", func(c *Call) (Value, error) { return selectFilter(c, name+"attr", want, true) })
	}
}

// mapOver yields fn of every item; its arguments are looked at when the first
// item is asked for, as in Python's generators.
func mapOver(c *Call, name string, prepare func(c *Call) (func(Value) (Value, error), error)) (Value, error) {
	call := *c
	var it iterator
	var fn func(Value) (Value, error)
	return newGenerator(name, funcIter(func() (Value, bool, error) {
		if it == nil {
			it = &sliceIter{}
			if truth(call.Args[0]) {
				var err error
				if fn, err = prepare(&call); err != nil {
					return nil, false, err
				}
				if it, err = iterate(call.Args[0]); err != nil {
					return nil, false, err
				}
			}
		}
		v, ok, err := it.next()
		if err != nil || !ok {
			return nil, false, err
		}
		v, err = fn(v)
		return v, err == nil, err
	})), nil
}

func prepareMap(c *Call) (func(Value) (Value, error), error) {
	if attribute, ok := c.Kwarg("attribute"); ok && len(c.Args) == 1 {
		otherwise, _ := c.Kwarg("default")
		for _, k := range c.Kwargs {
			if k.Name != "attribute" && k.Name != "default" {
				return nil, raise(TypeError, "Unexpected keyword argument %s", reprStr(k.Name))
			}
		}
		return c.st.getter(attribute, otherwise), nil
	}
	if len(c.Args) < 2 {
		return nil, raise(TypeError, "map requires a filter argument")
	}
	name, err := textArg(c.Args[1])
	if err != nil {
		return nil, err
	}
	f := c.st.lib.filters[name]
	if f == nil {
		return nil, &raised{RuntimeError, "No filter named " + reprStr(name) + ".", nearestKey(name, c.st.lib.filters)}
	}
	return callEach(c, f, c.Args[2:], c.Kwargs), nil
}

// callEach calls a filter or test on each value with the same further arguments.
func callEach(c *Call, b *builtin, args []Value, kwargs []Kwarg) func(Value) (Value, error) {
	return func(v Value) (Value, error) {
		if err := c.st.step(); err != nil {
			return nil, err
		}
		inner := Call{st: c.st, at: c.at, Kwargs: kwargs, Args: append([]Value{v}, args...)}
		return b.Call(&inner)
	}
}

func selectFilter(c *Call, name string, want, byAttr bool) (Value, error) {
	var last Value
	mapped, err := mapOver(c, "", func(c *Call) (func(Value) (Value, error), error) {
		check, err := prepareSelect(c, byAttr)
		return func(v Value) (Value, error) {
			last = v
			return check(v)
		}, err
	})
	if err != nil {
		return nil, err
	}
	in := mapped.(*Iterator)
	return newGenerator("sync_do_"+name, funcIter(func() (Value, bool, error) {
		for {
			v, ok, err := in.next()
			if err != nil || !ok {
				return nil, false, err
			}
			if truth(v) == want {
				return last, true, nil
			}
		}
	})), nil
}

func prepareSelect(c *Call, byAttr bool) (func(Value) (Value, error), error) {
	args := c.Args[1:]
	get := func(v Value) (Value, error) { return v, nil }
	if byAttr {
		if len(args) == 0 {
			return nil, raise(TypeError, "Missing parameter for attribute name")
		}
		get, args = c.st.getter(args[0], nil), args[1:]
	}
	if len(args) == 0 {
		return get, nil
	}
	name, err := textArg(args[0])
	if err != nil {
		return nil, err
	}
	t := c.st.lib.tests[name]
	if t == nil {
		return nil, &raised{RuntimeError, "No test named " + reprStr(name) + ".", nearestKey(name, c.st.lib.tests)}
	}
	test := callEach(c, t, args[1:], c.Kwargs)
	return func(v Value) (Value, error) {
		x, err := get(v)
		if err != nil {
			return nil, err
		}
		return test(x)
	}, nil
}
