package jinja

func zipLongest(c *Call) (Value, error) {
	fill := Value(None)
	if v, ok := c.Kwarg("fillvalue"); ok {
		fill = v
	}
	its, err := iterators(c.Args)
	if err != nil {
		return nil, err
	}
	return &Iterator{"itertools.zip_longest", funcIter(func() (Value, bool, error) {
		row, any := make([]Value, len(its)), false
		for i, it := range its {
			v, ok, err := it.next()
			if err != nil {
				return nil, false, err
			}
			if !ok {
				v = fill
			}
			row[i], any = v, any || ok
		}
		return NewTuple(row...), any, nil
	})}, nil
}

func isliceFunc(c *Call) (Value, error) {
	if len(c.Args) < 2 || len(c.Args) > 4 {
		return nil, raise(TypeError, "islice expected 2 to 4 arguments, got %d", len(c.Args))
	}
	it, err := iterate(c.Args[0])
	if err != nil {
		return nil, err
	}
	n := []int{0, -1, 1}
	args := c.Args[1:]
	if len(args) == 1 {
		args = []Value{None, args[0]}
	}
	for i, a := range args {
		if n[i], err = intArg(a, n[i]); err != nil {
			return nil, err
		}
	}
	if n[0] < 0 || n[2] < 1 {
		return nil, raise(ValueError, "Indices for islice() must be None or positive")
	}
	at, want := 0, n[0]
	return &Iterator{"itertools.islice", funcIter(func() (Value, bool, error) {
		for n[1] < 0 || want < n[1] {
			v, ok, err := it.next()
			if err != nil || !ok {
				return nil, false, err
			}
			if err := c.st.step(); err != nil {
				return nil, false, err
			}
			if at++; at-1 == want {
				want += n[2]
				return v, true, nil
			}
		}
		return nil, false, nil
	})}, nil
}

func repeatFunc(st *state, a values) (Value, error) {
	n, err := intArg(a[1], -1)
	return &Iterator{"itertools.repeat", funcIter(func() (Value, bool, error) {
		if n == 0 {
			return nil, false, nil
		}
		n--
		return a[0], true, st.step()
	})}, err
}

func countFunc(st *state, a values) (Value, error) {
	now, step := Value(Int(0)), Value(Int(1))
	if a[0] != nil {
		now = a[0]
	}
	if a[1] != nil {
		step = a[1]
	}
	return &Iterator{"itertools.count", funcIter(func() (Value, bool, error) {
		v := now
		var err error
		if now, err = st.binary(tokAdd, now, step); err == nil {
			err = st.step()
		}
		return v, err == nil, err
	})}, nil
}

func cycleFunc(st *state, a values) (Value, error) {
	items, err := st.collect(a[0])
	i := 0
	return &Iterator{"itertools.cycle", funcIter(func() (Value, bool, error) {
		if len(items) == 0 {
			return nil, false, nil
		}
		i++
		return items[(i-1)%len(items)], true, st.step()
	})}, err
}

func accumulateFunc(c *Call) (Value, error) {
	if len(c.Args) == 0 {
		return nil, raise(TypeError, "accumulate() missing required argument: 'iterable'")
	}
	it, err := iterate(c.Args[0])
	if err != nil {
		return nil, err
	}
	add := func(x, y Value) (Value, error) { return c.st.binary(tokAdd, x, y) }
	if len(c.Args) > 1 && c.Args[1] != None {
		fn := c.Args[1]
		add = func(x, y Value) (Value, error) { return c.Invoke(fn, []Value{x, y}, nil) }
	}
	var total Value
	if v, ok := c.Kwarg("initial"); ok && v != None {
		it = chainIter([]iterator{&sliceIter{items: []Value{v}}, it})
	}
	return &Iterator{"itertools.accumulate", funcIter(func() (Value, bool, error) {
		v, ok, err := it.next()
		if err != nil || !ok {
			return nil, false, err
		}
		if total != nil {
			v, err = add(total, v)
		}
		total = v
		return v, err == nil, err
	})}, nil
}

func compressFunc(_ *state, a values) (Value, error) {
	its, err := iterators(a)
	if err != nil {
		return nil, err
	}
	return &Iterator{"itertools.compress", funcIter(func() (Value, bool, error) {
		for {
			v, ok, err := its[0].next()
			if err != nil || !ok {
				return nil, false, err
			}
			keep, ok, err := its[1].next()
			if err != nil || !ok {
				return nil, false, err
			}
			if truth(keep) {
				return v, true, nil
			}
		}
	})}, nil
}

func starmapFunc(c *Call) (Value, error) {
	if len(c.Args) != 2 {
		return nil, raise(TypeError, "starmap expected 2 arguments, got %d", len(c.Args))
	}
	it, err := iterate(c.Args[1])
	if err != nil {
		return nil, err
	}
	fn := c.Args[0]
	return &Iterator{"itertools.starmap", funcIter(func() (Value, bool, error) {
		v, ok, err := it.next()
		if err != nil || !ok {
			return nil, false, err
		}
		args, err := c.st.collect(v)
		if err == nil {
			v, err = c.Invoke(fn, args, nil)
		}
		return v, err == nil, err
	})}, nil
}
