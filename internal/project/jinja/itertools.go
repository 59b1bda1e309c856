package jinja

// itertoolsModule is modules.itertools.
func itertoolsModule() *Dict {
	t := table{}
	t.raw("chain", func(c *Call) (Value, error) {
		its, err := iterators(c.Args)
		return &Iterator{"itertools.chain", chainIter(its)}, err
	})
	t.raw("product", productFunc)
	t.raw("zip_longest", zipLongest)
	t.def("combinations", "iterable r", choose("itertools.combinations", func(idx []int, i int) bool { return i > idx[len(idx)-1] }))
	t.def("combinations_with_replacement", "iterable r", choose("itertools.combinations_with_replacement", func(idx []int, i int) bool { return i >= idx[len(idx)-1] }))
	t.def("permutations", "iterable r?", choose("itertools.permutations", func(idx []int, i int) bool {
		for _, j := range idx {
			if i == j {
				return false
			}
		}
		return true
	}))
	t.raw("islice", isliceFunc)
	t.def("repeat", "object times?", repeatFunc)
	t.def("count", "start? step?", countFunc)
	t.def("cycle", "iterable", cycleFunc)
	t.raw("accumulate", accumulateFunc)
	t.def("compress", "data selectors", compressFunc)
	t.raw("starmap", starmapFunc)
	t.def("tee", "iterable n?", func(st *state, a values) (Value, error) {
		items, err := st.collect(a[0])
		if err != nil {
			return nil, err
		}
		n, err := intArg(a[1], 2)
		if err == nil {
			err = st.items(n)
		}
		out := NewTuple()
		for range max(n, 0) {
			out.Items = append(out.Items, &Iterator{"itertools._tee", &sliceIter{items: items}})
		}
		return out, err
	})
	d := NewDict()
	for name, b := range t {
		_ = d.Set(Str(name), b) // a str is hashable
	}
	return d
}

func chainIter(its []iterator) iterator {
	return funcIter(func() (Value, bool, error) {
		for len(its) > 0 {
			v, ok, err := its[0].next()
			if ok || err != nil {
				return v, ok, err
			}
			its = its[1:]
		}
		return nil, false, nil
	})
}

// odometer yields the index lists 0…n-1 of several wheels, the last turning
// fastest; pick says which index lists count.
func odometer(name string, pools [][]Value, pick func(idx []int, i int) bool) Value {
	idx := make([]int, 0, len(pools))
	next, done := 0, false
	return &Iterator{name, funcIter(func() (Value, bool, error) {
		if done {
			return nil, false, nil
		}
		for len(idx) < len(pools) {
			if next >= len(pools[len(idx)]) {
				if len(idx) == 0 {
					done = true
					return nil, false, nil
				}
				next = idx[len(idx)-1] + 1
				idx = idx[:len(idx)-1]
				continue
			}
			if len(idx) > 0 && !pick(idx, next) {
				next++
				continue
			}
			idx, next = append(idx, next), 0
		}
		row := make([]Value, len(idx))
		for i, j := range idx {
			row[i] = pools[i][j]
		}
		if len(idx) == 0 {
			done = true
		} else {
			next = idx[len(idx)-1] + 1
			idx = idx[:len(idx)-1]
		}
		return NewTuple(row...), true, nil
	})}
}

// maxPick bounds the length of the tuples that odometer makes.
const maxPick = 1000

func choose(name string, pick func(idx []int, i int) bool) func(*state, values) (Value, error) {
	return func(st *state, a values) (Value, error) {
		items, err := st.collect(a[0])
		if err != nil {
			return nil, err
		}
		r, err := intArg(a[1], len(items))
		if err != nil {
			return nil, err
		}
		if r < 0 || r > maxPick {
			return nil, raise(ValueError, "r must be from 0 to %d", maxPick)
		}
		pools := make([][]Value, r)
		for i := range pools {
			pools[i] = items
		}
		if name != "itertools.combinations_with_replacement" && r > len(items) {
			pools = [][]Value{nil}
		}
		return odometer(name, pools, pick), nil
	}
}

func productFunc(c *Call) (Value, error) {
	times := 1
	if v, ok := c.Kwarg("repeat"); ok {
		var err error
		if times, err = intArg(v, 1); err != nil {
			return nil, err
		}
	}
	if times < 0 || times*len(c.Args) > maxPick {
		return nil, raise(ValueError, "product() is limited to %d sequences", maxPick)
	}
	var pools [][]Value
	for _, a := range c.Args {
		items, err := c.st.collect(a)
		if err != nil {
			return nil, err
		}
		pools = append(pools, items)
	}
	var all [][]Value
	for range times {
		all = append(all, pools...)
	}
	return odometer("itertools.product", all, func([]int, int) bool { return true }), nil
}
