package jinja

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
