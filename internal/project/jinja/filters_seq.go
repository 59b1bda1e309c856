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
	t.def("first", "seq", func(_ *state, a values) (Value, error) {
		it, err := iterate(a[0])
		if err != nil {
			return nil, err
		}
		v, ok, err := it.next()
		if !ok && err == nil {
			v = &Undefined{Hint: "No first item, sequence was empty."}
		}
		return v, err
	})
	t.def("last", "seq", func(st *state, a values) (Value, error) {
		items, err := st.reversible(a[0])
		if err != nil {
			return nil, err
		}
		if len(items) == 0 {
			return &Undefined{Hint: "No last item, sequence was empty."}, nil
		}
		return items[len(items)-1], nil
	})
	t.def("reverse", "value", reverseFilter)
	t.def("join", "value d? attribute?", joinFilter)
	t.def("items", "value", func(st *state, a values) (Value, error) {
		if isUndefined(a[0]) {
			return newGenerator("do_items", &sliceIter{}), nil
		}
		keys, vals, ok := pairsOf(a[0])
		if !ok {
			return nil, raise(TypeError, "Can only get item pairs from a mapping.")
		}
		return newGenerator("do_items", &sliceIter{items: zipPairs(keys, vals)}), nil
	})
	t.def("dictsort", "value case_sensitive? by? reverse?", dictsortFilter)
	t.def("sum", "iterable attribute? start?", sumFilter)
	t.def("slice", "value slices fill_with?", sliceFilter)
	t.def("batch", "value linecount fill_with?", batchFilter)
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

func dictsortFilter(_ *state, a values) (Value, error) {
	keys, vals, ok := pairsOf(a[0])
	if !ok {
		if u, ok := a[0].(*Undefined); ok {
			return nil, u.err()
		}
		return nil, raise(TypeError, "dictsort wants a mapping, not %s", a[0].Type())
	}
	by, given, err := givenText(a[2])
	if err != nil {
		return nil, err
	}
	pos := 0
	if by == "value" {
		pos = 1
	} else if given && by != "key" {
		return nil, raise(TypeError, `You can only sort by either "key" or "value"`)
	}
	fold := a[1] == nil || !truth(a[1])
	sorted, err := sortBy(zipPairs(keys, vals), func(v Value) (Value, error) {
		return foldCase(v.(*Tuple).Items[pos], fold), nil
	}, a[3] != nil && truth(a[3]))
	return &List{sorted}, err
}

// foldCase is what sorting without case compares.
func foldCase(v Value, fold bool) Value {
	if s, ok := textOf(v); ok && fold {
		return Str(lowerText(s))
	}
	return v
}

func sumFilter(st *state, a values) (Value, error) {
	items, err := st.collect(a[0])
	if err != nil {
		return nil, err
	}
	total := a[2]
	if total == nil {
		total = Int(0)
	}
	if _, ok := textOf(total); ok {
		return nil, raise(TypeError, "sum() can't sum strings [use ''.join(seq) instead]")
	}
	for _, v := range items {
		if a[1] != nil && a[1] != None {
			if v, err = st.getter(a[1], nil)(v); err != nil {
				return nil, err
			}
		}
		if total, err = st.binary(tokAdd, total, v); err != nil {
			return nil, err
		}
	}
	return total, nil
}

func sliceFilter(st *state, a values) (Value, error) {
	items, err := st.collect(a[0])
	if err != nil {
		return nil, err
	}
	n, err := intArg(a[1], 0)
	if err == nil {
		err = st.items(n)
	}
	if err != nil {
		return nil, err
	}
	if n == 0 {
		return nil, zeroDivision(tokFloorDiv, true)
	}
	per, extra := len(items)/n, len(items)%n
	var out []Value
	offset := 0
	for i := range n {
		start := offset + i*per
		if i < extra {
			offset++
		}
		part := slices.Clone(items[start : offset+(i+1)*per])
		if a[2] != nil && a[2] != None && i >= extra {
			part = append(part, a[2])
		}
		out = append(out, NewList(part...))
	}
	return newGenerator("sync_do_slice", &sliceIter{items: out}), nil
}

func batchFilter(st *state, a values) (Value, error) {
	items, err := st.collect(a[0])
	if err != nil {
		return nil, err
	}
	n, err := intArg(a[1], 0)
	if err != nil {
		return nil, err
	}
	var out []Value
	for len(items) > 0 {
		size := len(items)
		if n > 0 {
			size = min(n, size)
		}
		out = append(out, NewList(slices.Clone(items[:size])...))
		items = items[size:]
	}
	if a[2] != nil && a[2] != None && len(out) > 0 {
		if err := st.items(n); err != nil {
			return nil, err
		}
		last := out[len(out)-1].(*List)
		for len(last.Items) < n {
			last.Items = append(last.Items, a[2])
		}
	}
	return newGenerator("do_batch", &sliceIter{items: out}), nil
}
