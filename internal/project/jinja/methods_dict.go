package jinja

func dictTable() table {
	t := table{}
	for _, kind := range []string{"keys", "values", "items"} {
		t.def(kind, "self", func(_ *state, a values) (Value, error) {
			return &dictView{a[0].(*Dict), "dict_" + kind}, nil
		})
	}
	t.def("get", "self key default?", func(_ *state, a values) (Value, error) {
		v, ok, err := a[0].(*Dict).Get(a[1])
		if !ok {
			v = orNone(a[2])
		}
		return v, err
	})
	t.def("setdefault", "self key default?", dictSetDefault)
	t.def("pop", "self key default?", dictPop)
	t.def("popitem", "self", dictPopItem)
	t.def("clear", "self", func(_ *state, a values) (Value, error) {
		a[0].(*Dict).Clear()
		return None, nil
	})
	t.def("copy", "self", func(_ *state, a values) (Value, error) { return a[0].(*Dict).Copy(), nil })
	t.def("fromkeys", "self keys value?", dictFromKeys)
	t.raw("update", func(c *Call) (Value, error) {
		return None, fillDict(c, c.Args[0].(*Dict), c.Args[1:])
	})
	return t
}

func dictSetDefault(st *state, a values) (Value, error) {
	d := a[0].(*Dict)
	v, ok, err := d.Get(a[1])
	if ok || err != nil {
		return v, err
	}
	v = orNone(a[2])
	if err := d.Set(a[1], v); err != nil {
		return nil, err
	}
	return v, st.items(d.Len())
}

func dictPop(_ *state, a values) (Value, error) {
	v, ok, err := a[0].(*Dict).Delete(a[1])
	if ok || err != nil {
		return v, err
	}
	if a[2] == nil {
		return nil, raise(ValueError, "%s", mustRepr(a[1]))
	}
	return a[2], nil
}

func dictPopItem(_ *state, a values) (Value, error) {
	d := a[0].(*Dict)
	keys := d.Keys()
	if len(keys) == 0 {
		return nil, raise(ValueError, "'popitem(): dictionary is empty'")
	}
	last := keys[len(keys)-1]
	v, _, err := d.Delete(last)
	return NewTuple(last, v), err
}

func dictFromKeys(st *state, a values) (Value, error) {
	keys, err := st.collect(a[1])
	d := NewDict()
	for _, k := range keys {
		if err := d.Set(k, orNone(a[2])); err != nil {
			return nil, err
		}
	}
	return d, err
}

func orNone(v Value) Value {
	if v == nil {
		return None
	}
	return v
}

// fillDict adds what dict(…) and dict.update(…) take: a mapping or pairs, and
// keyword arguments.
func fillDict(c *Call, d *Dict, args []Value) error {
	if len(args) > 1 {
		return raise(TypeError, "dict expected at most 1 argument, got %d", len(args))
	}
	if len(args) == 1 {
		if err := c.st.addPairs(d, args[0]); err != nil {
			return err
		}
	}
	for _, k := range c.Kwargs {
		if err := d.Set(Str(k.Name), k.Value); err != nil {
			return err
		}
	}
	return c.st.items(d.Len())
}

func (st *state) addPairs(d *Dict, from Value) error {
	if keys, vals, ok := pairsOf(from); ok {
		for i, k := range keys {
			if err := d.Set(k, vals[i]); err != nil {
				return err
			}
		}
		return nil
	}
	items, err := st.collect(from)
	if err != nil {
		return err
	}
	for i, item := range items {
		pair, err := st.collect(item)
		if err != nil {
			return raise(TypeError, "cannot convert dictionary update sequence element #%d to a sequence", i)
		}
		if len(pair) != 2 {
			return raise(ValueError, "dictionary update sequence element #%d has length %d; 2 is required", i, len(pair))
		}
		if err := d.Set(pair[0], pair[1]); err != nil {
			return err
		}
	}
	return nil
}

// pairsOf gives the entries of a dict or of a Go mapping.
func pairsOf(v Value) (keys, vals []Value, ok bool) {
	switch v := v.(type) {
	case *Dict:
		return v.Keys(), v.Values(), true
	case *Namespace:
		return nil, nil, false
	case Mapping:
		next := v.Iter()
		for k, more := next(); more; k, more = next() {
			val, _ := v.Item(k)
			keys, vals = append(keys, k), append(vals, orNone(val))
		}
		return keys, vals, true
	}
	return nil, nil, false
}

func viewTable() table {
	t := table{}
	t.def("isdisjoint", "self other", setIsDisjoint)
	return t
}
