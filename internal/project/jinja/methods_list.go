package jinja

import "slices"

type values = []Value

func listTable() table {
	t := table{}
	t.def("append", "self x", func(st *state, a values) (Value, error) {
		l := a[0].(*List)
		l.Items = append(l.Items, a[1])
		return None, st.items(len(l.Items))
	})
	t.def("extend", "self x", func(st *state, a values) (Value, error) {
		l := a[0].(*List)
		more, err := st.collect(a[1])
		if err == nil {
			err = st.items(len(l.Items) + len(more))
		}
		if err != nil {
			return nil, err
		}
		l.Items = append(l.Items, more...)
		return None, nil
	})
	t.def("insert", "self i x", listInsert)
	t.def("pop", "self i?", listPop)
	t.def("remove", "self x", func(_ *state, a values) (Value, error) {
		l := a[0].(*List)
		i, err := indexIn(l.Items, a[1])
		if err != nil || i < 0 {
			return nil, orElse(err, raise(ValueError, "list.remove(x): x not in list"))
		}
		l.Items = slices.Delete(l.Items, i, i+1)
		return None, nil
	})
	t.def("clear", "self", func(_ *state, a values) (Value, error) {
		a[0].(*List).Items = nil
		return None, nil
	})
	t.def("reverse", "self", func(_ *state, a values) (Value, error) {
		slices.Reverse(a[0].(*List).Items)
		return None, nil
	})
	t.def("copy", "self", func(_ *state, a values) (Value, error) {
		return NewList(slices.Clone(a[0].(*List).Items)...), nil
	})
	t.raw("sort", listSort)
	shared := tupleTable()
	t["index"], t["count"] = shared["index"], shared["count"]
	return t
}

func orElse(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

func listInsert(st *state, a values) (Value, error) {
	l := a[0].(*List)
	i, err := intArg(a[1], 0)
	if err != nil {
		return nil, err
	}
	if i < 0 {
		i = max(i+len(l.Items), 0)
	}
	l.Items = slices.Insert(l.Items, min(i, len(l.Items)), a[2])
	return None, st.items(len(l.Items))
}

func listPop(_ *state, a values) (Value, error) {
	l := a[0].(*List)
	i, err := intArg(a[1], -1)
	if err != nil {
		return nil, err
	}
	if len(l.Items) == 0 {
		return nil, raise(ValueError, "pop from empty list")
	}
	if i < 0 {
		i += len(l.Items)
	}
	if i < 0 || i >= len(l.Items) {
		return nil, raise(ValueError, "pop index out of range")
	}
	v := l.Items[i]
	l.Items = slices.Delete(l.Items, i, i+1)
	return v, nil
}

// listSort is list.sort(key=None, reverse=False).
func listSort(c *Call) (Value, error) {
	if len(c.Args) > 1 {
		return nil, raise(TypeError, "sort() takes no positional arguments")
	}
	var key func(Value) (Value, error)
	reverse := false
	for _, k := range c.Kwargs {
		switch k.Name {
		case "reverse":
			reverse = truth(k.Value)
		case "key":
			fn := k.Value
			if fn != None {
				key = func(v Value) (Value, error) { return c.Invoke(fn, []Value{v}, nil) }
			}
		default:
			return nil, raise(TypeError, "sort() got an unexpected keyword argument %s", reprStr(k.Name))
		}
	}
	l := c.Args[0].(*List)
	sorted, err := sortBy(l.Items, key, reverse)
	if err != nil {
		return nil, err
	}
	l.Items = sorted
	return None, nil
}

// sortBy sorts stably, like Python's sorted.
func sortBy(items []Value, key func(Value) (Value, error), reverse bool) ([]Value, error) {
	type keyed struct{ key, v Value }
	list := make([]keyed, len(items))
	for i, v := range items {
		list[i] = keyed{v, v}
		if key != nil {
			k, err := key(v)
			if err != nil {
				return nil, err
			}
			list[i].key = k
		}
	}
	var failed error
	compare := func(a, b keyed) int {
		n, err := order(a.key, b.key, "<")
		if err != nil && failed == nil {
			failed = err
		}
		if n == notANumber {
			return 0
		}
		return n
	}
	if reverse {
		slices.SortStableFunc(list, func(a, b keyed) int { return compare(b, a) })
	} else {
		slices.SortStableFunc(list, compare)
	}
	out := make([]Value, len(list))
	for i, k := range list {
		out[i] = k.v
	}
	return out, failed
}

func tupleTable() table {
	t := table{}
	t.def("index", "self x start? end?", func(st *state, a values) (Value, error) {
		items, err := st.collect(a[0])
		if err != nil {
			return nil, err
		}
		from, err := intArg(a[2], 0)
		if err != nil {
			return nil, err
		}
		if from < 0 {
			from = max(from+len(items), 0)
		}
		from = min(from, len(items))
		i, err := indexIn(items[from:], a[1])
		if err != nil || i < 0 {
			return nil, orElse(err, raise(ValueError, "%s is not in list", mustRepr(a[1])))
		}
		return Int(i + from), nil
	})
	t.def("count", "self x", func(st *state, a values) (Value, error) {
		items, err := st.collect(a[0])
		n := 0
		for _, v := range items {
			same, e := equal(v, a[1])
			if e != nil {
				return nil, e
			}
			if same {
				n++
			}
		}
		return Int(n), err
	})
	return t
}

func indexIn(items []Value, x Value) (int, error) {
	for i, v := range items {
		if same, err := equal(v, x); same || err != nil {
			return i, err
		}
	}
	return -1, nil
}
