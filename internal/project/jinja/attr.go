package jinja

import "strings"

// getAttr is x.name: an attribute, else an item.
func (st *state) getAttr(x Value, name string) (Value, error) {
	if v, err := st.attribute(x, name); v != nil || err != nil {
		return v, err
	}
	switch x := x.(type) {
	case *Undefined:
		if st.opts.Lenient {
			return &Undefined{Hint: x.Hint, Name: name}, nil
		}
		return nil, x.err()
	case *Dict:
		if v, ok := x.GetStr(name); ok {
			return v, nil
		}
	case Indexer:
		if v, ok := x.Item(Str(name)); ok {
			return v, nil
		}
	}
	return &Undefined{Object: x, Name: name}, nil
}

// attribute gives an attribute or a method, nil when there is none.
func (st *state) attribute(x Value, name string) (Value, error) {
	var v Value
	switch x := x.(type) {
	case *Namespace:
		v, _ = x.vars.GetStr(name)
	case *loopValue:
		return x.attr(name)
	case Attributer:
		// What a Go value gives on purpose is safe, also a package's macro _name.
		if got, ok := x.Attr(name); ok {
			return got, nil
		}
	}
	if v == nil {
		if m := st.lib.methodOf(x, name); m != nil {
			v = &boundMethod{x, m}
		}
	}
	if v != nil && strings.HasPrefix(name, "_") || v == nil && st.hidden(x, name) {
		return &Undefined{Hint: "access to attribute " + reprStr(name) + " of " + reprStr(x.Type()) + " object is unsafe.", Name: name, unsafe: true}, nil
	}
	return v, nil
}

// hidden says whether the sandbox keeps an attribute that Python objects have
// from templates.
func (st *state) hidden(x Value, name string) bool {
	if _, ok := x.(*Undefined); ok {
		return false
	}
	switch name {
	case "__class__", "__init__", "__dict__", "__doc__", "__eq__", "__getattribute__", "__globals__", "__hash__", "__module__", "__reduce__", "__repr__", "__str__", "__subclasses__":
		return true
	}
	return false
}

// getItem is x[key]: an item, else an attribute.
func (st *state) getItem(x, key Value) (Value, error) {
	if s, ok := key.(*sliceValue); ok {
		return st.slice(x, s)
	}
	v, err := st.item(x, key)
	if v != nil || err != nil {
		return v, err
	}
	if name, ok := textOf(key); ok {
		if v, err := st.attribute(x, name); v != nil || err != nil {
			return v, err
		}
		return &Undefined{Object: x, Name: name}, nil
	}
	return &Undefined{Object: x, Key: key}, nil
}

func (st *state) item(x, key Value) (Value, error) {
	switch x := x.(type) {
	case *Dict:
		v, _, err := x.Get(key)
		if err != nil {
			return nil, nil //nolint:nilerr // an unhashable key is one that is not there
		}
		return v, nil
	case *Undefined:
		if st.opts.Lenient {
			return x, nil
		}
		return nil, x.err()
	case Indexer:
		if v, ok := x.Item(key); ok {
			return v, nil
		}
		return nil, nil
	}
	n, ok := smallInt(key)
	if !ok {
		return nil, nil
	}
	return index(x, n), nil
}

// index is x[n] of a sequence, nil when it is out of range.
func index(x Value, n int64) Value {
	size, ok := lengthOf(x)
	if !ok {
		return nil
	}
	if n < 0 {
		n += int64(size)
	}
	if n < 0 || n >= int64(size) {
		return nil
	}
	if items, ok := itemsOf(x); ok {
		return items[n]
	}
	switch x := x.(type) {
	case *Range:
		return x.at(int(n))
	case Str:
		return Str(runeAt(string(x), int(n)))
	case Markup:
		return Markup(runeAt(string(x), int(n)))
	}
	return nil
}

func runeAt(s string, n int) string {
	for i, r := range s {
		if n == 0 {
			return s[i : i+len(string(r))]
		}
		n--
	}
	return ""
}
