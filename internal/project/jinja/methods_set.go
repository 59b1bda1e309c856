package jinja

// without gives the elements of s that are not in o.
func (s *Set) without(o *Set) *Set {
	out := &Set{}
	for _, v := range s.d.Keys() {
		if in, _ := o.Has(v); !in {
			_ = out.d.Set(v, None) // it is hashable, it was an element
		}
	}
	return out
}

func (s *Set) copy() *Set { return &Set{*s.d.Copy()} }

// merge combines the set with all arguments, one after the other.
func merge(st *state, a values, combine func(s, o *Set) *Set) (*Set, error) {
	s := a[0].(*Set).copy()
	for _, other := range a[1:] {
		items, err := st.collect(other)
		if err != nil {
			return nil, err
		}
		o, err := NewSet(items...)
		if err != nil {
			return nil, err
		}
		s = combine(s, o)
	}
	return s, st.items(s.Len())
}

func union(s, o *Set) *Set {
	for _, v := range o.d.Keys() {
		_ = s.d.Set(v, None) // it is hashable, it was an element
	}
	return s
}

func intersection(s, o *Set) *Set { return s.without(s.without(o)) }

func symmetric(s, o *Set) *Set { return union(s.without(o), o.without(s)) }

func setTable() table {
	t := table{}
	for name, combine := range map[string]func(s, o *Set) *Set{
		"union": union, "intersection": intersection, "difference": (*Set).without, "symmetric_difference": symmetric,
	} {
		t.raw(name, func(c *Call) (Value, error) { return asValue(merge(c.st, c.Args, combine)) })
		update := name + "_update"
		if name == "union" {
			update = "update"
		}
		t.raw(update, func(c *Call) (Value, error) {
			s, err := merge(c.st, c.Args, combine)
			if err == nil {
				*c.Args[0].(*Set) = *s
			}
			return None, err
		})
	}
	t.def("add", "self x", func(st *state, a values) (Value, error) {
		s := a[0].(*Set)
		if err := s.d.Set(a[1], None); err != nil {
			return nil, err
		}
		return None, st.items(s.Len())
	})
	t.def("discard", "self x", func(_ *state, a values) (Value, error) {
		_, _, err := a[0].(*Set).d.Delete(a[1])
		return None, err
	})
	t.def("remove", "self x", func(_ *state, a values) (Value, error) {
		_, ok, err := a[0].(*Set).d.Delete(a[1])
		if !ok && err == nil {
			err = raise(ValueError, "%s", mustRepr(a[1]))
		}
		return None, err
	})
	t.def("pop", "self", setPop)
	t.def("clear", "self", func(_ *state, a values) (Value, error) {
		a[0].(*Set).d.Clear()
		return None, nil
	})
	t.def("copy", "self", func(_ *state, a values) (Value, error) { return a[0].(*Set).copy(), nil })
	t.def("isdisjoint", "self other", setIsDisjoint)
	t.def("issubset", "self other", func(st *state, a values) (Value, error) { return compareAsSets(st, a[0], a[1]) })
	t.def("issuperset", "self other", func(st *state, a values) (Value, error) { return compareAsSets(st, a[1], a[0]) })
	return t
}

func asValue(s *Set, err error) (Value, error) {
	if err != nil {
		return nil, err
	}
	return s, nil
}

func setPop(_ *state, a values) (Value, error) {
	s := a[0].(*Set)
	if s.Len() == 0 {
		return nil, raise(ValueError, "'pop from an empty set'")
	}
	v := s.Items()[0]
	_, _, err := s.d.Delete(v)
	return v, err
}

func asSet(st *state, v Value) (*Set, error) {
	if s, ok := setLike(v); ok {
		return s, nil
	}
	items, err := st.collect(v)
	if err != nil {
		return nil, err
	}
	return NewSet(items...)
}

func compareAsSets(st *state, a, b Value) (Value, error) {
	x, err := asSet(st, a)
	if err != nil {
		return nil, err
	}
	y, err := asSet(st, b)
	if err != nil {
		return nil, err
	}
	return Bool(subset(x, y)), nil
}

func setIsDisjoint(st *state, a values) (Value, error) {
	x, err := asSet(st, a[0])
	if err != nil {
		return nil, err
	}
	y, err := asSet(st, a[1])
	if err != nil {
		return nil, err
	}
	return Bool(intersection(x, y).Len() == 0), nil
}
