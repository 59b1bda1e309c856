package jinja

// slice is x[lo:hi:step].
func (st *state) slice(x Value, s *sliceValue) (Value, error) {
	if text, ok := textOf(x); ok {
		runes := []rune(text)
		idx, err := s.indices(len(runes))
		if err != nil {
			return nil, err
		}
		out := make([]rune, 0, len(idx))
		for _, i := range idx {
			out = append(out, runes[i])
		}
		if _, ok := x.(Markup); ok {
			return Markup(out), nil
		}
		return Str(out), nil
	}
	switch v := x.(type) {
	case *Undefined:
		if st.opts.Lenient {
			return v, nil
		}
		return nil, v.err()
	case *Range:
		return v.slice(s)
	}
	items, ok := itemsOf(x)
	if !ok {
		return &Undefined{Object: x, Key: s}, nil
	}
	idx, err := s.indices(len(items))
	if err != nil {
		return nil, err
	}
	out := make([]Value, len(idx))
	for i, j := range idx {
		out[i] = items[j]
	}
	if _, ok := x.(*List); ok {
		return NewList(out...), nil
	}
	return NewTuple(out...), nil
}

// bounds works out where a slice of n items begins and ends.
func (s *sliceValue) bounds(n int) (lo, hi, step int, err error) {
	step = 1
	if s.step != None {
		if step, err = sliceIndex(s.step); err != nil {
			return
		}
		if step == 0 {
			return 0, 0, 0, raise(ValueError, "slice step cannot be zero")
		}
	}
	lowest, highest := 0, n
	if step < 0 {
		lowest, highest = -1, n-1
	}
	lo, hi = lowest, highest
	if step < 0 {
		lo, hi = highest, lowest
	}
	for _, part := range []struct {
		v  Value
		to *int
	}{{s.lo, &lo}, {s.hi, &hi}} {
		if part.v == None {
			continue
		}
		i, err := sliceIndex(part.v)
		if err != nil {
			return 0, 0, 0, err
		}
		if i < 0 {
			i += n
		}
		*part.to = min(max(i, lowest), highest)
	}
	return lo, hi, step, nil
}

func (s *sliceValue) indices(n int) ([]int, error) {
	lo, hi, step, err := s.bounds(n)
	if err != nil {
		return nil, err
	}
	var idx []int
	for i := lo; step > 0 && i < hi || step < 0 && i > hi; i += step {
		idx = append(idx, i)
		if step > n || step < -n {
			break
		}
	}
	return idx, nil
}

func sliceIndex(v Value) (int, error) {
	if b, ok := v.(*BigInt); ok {
		return b.V.Sign() << 40, nil
	}
	n, ok := smallInt(v)
	if !ok {
		if u, ok := v.(*Undefined); ok {
			return 0, u.err()
		}
		return 0, raise(TypeError, "slice indices must be integers or None or have an __index__ method")
	}
	return int(min(max(n, -1<<40), 1<<40)), nil
}

func (r *Range) slice(s *sliceValue) (Value, error) {
	lo, hi, step, err := s.bounds(r.Len())
	if err != nil {
		return nil, err
	}
	return &Range{r.Start + int64(lo)*r.Step, r.Start + int64(hi)*r.Step, r.Step * int64(step)}, nil
}
