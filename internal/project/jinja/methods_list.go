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
