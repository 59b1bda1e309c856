package jinja

import "strings"

// group is one item of |groupby: a tuple with the names grouper and list.
type group struct {
	grouper Value
	list    *List
}

// Type is "_GroupTuple".
func (g *group) Type() string { return "_GroupTuple" }

// Len is 2.
func (g *group) Len() int { return 2 }

func (g *group) pair() []Value { return []Value{g.grouper, g.list} }

// Attr gives grouper and list.
func (g *group) Attr(name string) (Value, bool) {
	switch name {
	case "grouper":
		return g.grouper, true
	case "list":
		return g.list, true
	}
	return nil, false
}

func groupFilters(t table) {
	t.def("groupby", "value attribute default? case_sensitive?", groupbyFilter)
	t.def("sort", "value reverse? case_sensitive? attribute?", sortFilter)
	t.def("unique", "value case_sensitive? attribute?", uniqueFilter)
	t.def("min", "value case_sensitive? attribute?", extremeFilter(-1))
	t.def("max", "value case_sensitive? attribute?", extremeFilter(1))
}

// keyer reads an attribute and folds its case unless told otherwise.
func (st *state) keyer(attribute, otherwise, caseSensitive Value) func(Value) (Value, error) {
	get := st.getter(attribute, otherwise)
	fold := caseSensitive == nil || !truth(caseSensitive)
	return func(v Value) (Value, error) {
		v, err := get(v)
		if err != nil {
			return nil, err
		}
		return foldCase(v, fold), nil
	}
}

func groupbyFilter(st *state, a values) (Value, error) {
	items, err := st.collect(a[0])
	if err != nil {
		return nil, err
	}
	key := st.keyer(a[1], a[2], a[3])
	if items, err = sortBy(items, key, false); err != nil {
		return nil, err
	}
	real := st.getter(a[1], a[2])
	out := &List{}
	var last Value
	for _, v := range items {
		k, err := key(v)
		if err != nil {
			return nil, err
		}
		if last != nil {
			same, err := equal(last, k)
			if err != nil {
				return nil, err
			}
			if same {
				g := out.Items[len(out.Items)-1].(*group)
				g.list.Items = append(g.list.Items, v)
				continue
			}
		}
		last = k
		if k, err = real(v); err != nil {
			return nil, err
		}
		out.Items = append(out.Items, &group{k, NewList(v)})
	}
	return out, nil
}

// sortFilter sorts by nothing, an attribute, or several with commas.
func sortFilter(st *state, a values) (Value, error) {
	items, err := st.collect(a[0])
	if err != nil {
		return nil, err
	}
	st.charge(128 * len(items))
	var keys []func(Value) (Value, error)
	if s, ok := textOf(orNone(a[3])); ok {
		for _, part := range strings.Split(s, ",") {
			keys = append(keys, st.keyer(Str(part), nil, a[2]))
		}
	} else {
		keys = append(keys, st.keyer(a[3], nil, a[2]))
	}
	sorted, err := sortBy(items, func(v Value) (Value, error) {
		t := &List{Items: make([]Value, len(keys))}
		for i, key := range keys {
			k, err := key(v)
			if err != nil {
				return nil, err
			}
			t.Items[i] = k
		}
		return t, nil
	}, a[1] != nil && truth(a[1]))
	return &List{sorted}, err
}

func uniqueFilter(st *state, a values) (Value, error) {
	it, err := iterate(a[0])
	if err != nil {
		return nil, err
	}
	key := st.keyer(a[2], nil, a[1])
	seen := NewDict()
	return newGenerator("sync_do_unique", funcIter(func() (Value, bool, error) {
		for {
			v, ok, err := it.next()
			if err != nil || !ok {
				return nil, false, err
			}
			k, err := key(v)
			if err != nil {
				return nil, false, err
			}
			_, had, err := seen.Get(k)
			if err != nil {
				return nil, false, err
			}
			if !had {
				return v, true, seen.Set(k, None)
			}
		}
	})), nil
}

// extremeFilter finds the least (-1) or greatest (1) item, the first of equals.
func extremeFilter(sign int) func(*state, values) (Value, error) {
	return func(st *state, a values) (Value, error) {
		items, err := st.collect(a[0])
		if err != nil {
			return nil, err
		}
		if len(items) == 0 {
			return &Undefined{Hint: "No aggregated item, sequence was empty."}, nil
		}
		key := st.keyer(a[2], nil, a[1])
		best := items[0]
		bestKey, err := key(best)
		if err != nil {
			return nil, err
		}
		for _, v := range items[1:] {
			k, err := key(v)
			if err != nil {
				return nil, err
			}
			n, err := order(k, bestKey, "<")
			if err != nil {
				return nil, err
			}
			if n == sign {
				best, bestKey = v, k
			}
		}
		return best, nil
	}
}
