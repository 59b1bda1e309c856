package jinja

import "slices"

func sequenceFilters(t table) {
	t.def("length", "value", func(_ *state, a values) (Value, error) {
		n, ok := lengthOf(a[0])
		if !ok {
			return nil, raise(TypeError, "object of type %s has no len()", reprStr(a[0].Type()))
		}
		return Int(n), nil
	})
	t.alias("length", "count")
	t.def("list", "value", func(st *state, a values) (Value, error) {
		items, err := st.collect(a[0])
		return &List{items}, err
	})
	t.def("first", "seq", firstFilter)
	t.def("last", "seq", lastFilter)
	t.def("reverse", "value", reverseFilter)
	t.def("join", "value d? attribute?", joinFilter)
	t.def("items", "value", itemsFilter)
	t.def("dictsort", "value case_sensitive? by? reverse?", dictsortFilter)
	t.def("sum", "iterable attribute? start?", sumFilter)
	t.def("slice", "value slices fill_with?", sliceFilter)
	t.def("batch", "value linecount fill_with?", batchFilter)
}

func firstFilter(_ *state, a values) (Value, error) {
	it, err := iterate(a[0])
	if err != nil {
		return nil, err
	}
	v, ok, err := it.next()
	if !ok && err == nil {
		v = &Undefined{Hint: "No first item, sequence was empty."}
	}
	return v, err
}

func lastFilter(st *state, a values) (Value, error) {
	items, err := st.reversible(a[0])
	if err != nil {
		return nil, err
	}
	if len(items) == 0 {
		return &Undefined{Hint: "No last item, sequence was empty."}, nil
	}
	return items[len(items)-1], nil
}

func itemsFilter(st *state, a values) (Value, error) {
	if isUndefined(a[0]) {
		return newGenerator("do_items", &sliceIter{}), nil
	}
	keys, vals, ok := pairsOf(a[0])
	if !ok {
		return nil, raise(TypeError, "Can only get item pairs from a mapping.")
	}
	return newGenerator("do_items", &sliceIter{items: zipPairs(keys, vals)}), nil
}

func newGenerator(name string, it iterator) *Iterator {
	return &Iterator{"generator object " + name, it}
}

func zipPairs(keys, vals []Value) []Value {
	out := make([]Value, len(keys))
	for i, k := range keys {
		out[i] = NewTuple(k, vals[i])
	}
	return out
}

// reversible gives the items of what Python's reversed() takes.
func (st *state) reversible(v Value) ([]Value, error) {
	switch v.(type) {
	case *Iterator, *Set:
		return nil, raise(TypeError, "%s object is not reversible", reprStr(v.Type()))
	}
	return st.collect(v)
}

func reverseFilter(st *state, a values) (Value, error) {
	if s, ok := textOf(a[0]); ok {
		runes := []rune(s)
		slices.Reverse(runes)
		return likeSelf(a[0], string(runes)), nil
	}
	items, err := st.collect(a[0])
	if err != nil {
		return nil, raise(TypeError, "argument must be iterable")
	}
	slices.Reverse(items)
	switch a[0].(type) {
	case *List:
		return &Iterator{"list_reverseiterator", &sliceIter{items: items}}, nil
	case *Set, *Iterator:
		return &List{items}, nil
	case *Dict:
		return &Iterator{"dict_reversekeyiterator", &sliceIter{items: items}}, nil
	}
	return &Iterator{"reversed", &sliceIter{items: items}}, nil
}

func joinFilter(st *state, a values) (Value, error) {
	var get func(Value) (Value, error)
	if a[2] != nil && a[2] != None {
		get = st.getter(a[2], nil)
	}
	sep := ""
	if a[1] != nil {
		var err error
		if sep, err = st.str(a[1]); err != nil {
			return nil, err
		}
	}
	it, err := iterate(a[0])
	if err != nil {
		return nil, err
	}
	return st.join(it, sep, get)
}

// join prints what it yields, passed through get, with sep between.
func (st *state) join(it iterator, sep string, get func(Value) (Value, error)) (Value, error) {
	var out []byte
	for n := 0; ; n++ {
		v, ok, err := it.next()
		if err != nil {
			return nil, err
		}
		if !ok {
			return Str(out), nil
		}
		if get != nil {
			if v, err = get(v); err != nil {
				return nil, err
			}
		}
		if n > 0 {
			out = append(out, sep...)
		}
		s, err := st.str(v)
		if err == nil {
			err = st.bytes(len(out) + len(s))
		}
		if err == nil {
			err = st.step()
		}
		if err != nil {
			return nil, err
		}
		out = append(out, s...)
	}
}
