package jinja

import "slices"

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
