package jinja

func (e *constExpr) eval(*frame) (Value, error) { return e.v, nil }

func (e *nameExpr) eval(f *frame) (Value, error) {
	if v := f.load(e.sym, e.up); v != nil {
		return v, nil
	}
	return &Undefined{Name: e.name, at: f}, nil
}

func (e *attrExpr) eval(f *frame) (Value, error) {
	x, err := e.x.eval(f)
	if err != nil {
		return nil, err
	}
	v, err := f.st.getAttr(x, e.name)
	return v, f.fail(e.pos, err)
}

func (e *itemExpr) eval(f *frame) (Value, error) {
	x, err := e.x.eval(f)
	if err != nil {
		return nil, err
	}
	key, err := e.key.eval(f)
	if err != nil {
		return nil, err
	}
	v, err := f.st.getItem(x, key)
	return v, f.fail(e.pos, err)
}

func (e *sliceExpr) eval(f *frame) (Value, error) {
	s := &sliceValue{None, None, None}
	for _, part := range []struct {
		x  expr
		to *Value
	}{{e.lo, &s.lo}, {e.hi, &s.hi}, {e.step, &s.step}} {
		if part.x != nil {
			v, err := part.x.eval(f)
			if err != nil {
				return nil, err
			}
			*part.to = v
		}
	}
	return s, nil
}

func (e *condExpr) eval(f *frame) (Value, error) {
	t, err := e.test.eval(f)
	if err != nil {
		return nil, err
	}
	if truth(t) {
		return e.yes.eval(f)
	}
	if e.no == nil {
		return &Undefined{Hint: "the inline if-expression on " + f.place(e.pos).String() + " evaluated to false and no else section was defined."}, nil
	}
	return e.no.eval(f)
}

func (e *logicExpr) eval(f *frame) (Value, error) {
	v, err := e.left.eval(f)
	if err != nil || truth(v) == e.or {
		return v, err
	}
	return e.right.eval(f)
}

func (e *notExpr) eval(f *frame) (Value, error) {
	v, err := e.x.eval(f)
	if err != nil {
		return nil, err
	}
	return Bool(!truth(v)), nil
}

func (e *binaryExpr) eval(f *frame) (Value, error) {
	left, err := e.left.eval(f)
	if err != nil {
		return nil, err
	}
	right, err := e.right.eval(f)
	if err != nil {
		return nil, err
	}
	v, err := f.st.binary(e.op, left, right)
	return v, f.fail(e.pos, err)
}

func (e *unaryExpr) eval(f *frame) (Value, error) {
	x, err := e.x.eval(f)
	if err != nil {
		return nil, err
	}
	v, err := unary(e.op, x)
	return v, f.fail(e.pos, err)
}

func (e *compareExpr) eval(f *frame) (Value, error) {
	left, err := e.first.eval(f)
	if err != nil {
		return nil, err
	}
	var v Value
	for i, op := range e.ops {
		right, err := e.rest[i].eval(f)
		if err != nil {
			return nil, err
		}
		if v, err = compareWith(op, left, right); err != nil {
			return nil, f.fail(e.pos, err)
		}
		if !truth(v) {
			return v, nil
		}
		left = right
	}
	return v, nil
}

func (e *concatExpr) eval(f *frame) (Value, error) {
	var buf []byte
	for _, p := range e.parts {
		v, err := p.eval(f)
		if err != nil {
			return nil, err
		}
		s, err := f.st.str(v)
		if err == nil {
			err = f.st.bytes(len(buf) + len(s))
		}
		if err != nil {
			return nil, f.fail(e.pos, err)
		}
		buf = append(buf, s...)
	}
	f.st.charge(len(buf))
	return Str(buf), nil
}

func evalAll(f *frame, list []expr) ([]Value, error) {
	out := make([]Value, len(list))
	for i, x := range list {
		v, err := x.eval(f)
		if err != nil {
			return nil, err
		}
		out[i] = v
	}
	return out, nil
}

func (e *listExpr) eval(f *frame) (Value, error) {
	items, err := evalAll(f, e.items)
	return &List{items}, err
}

func (e *tupleExpr) eval(f *frame) (Value, error) {
	items, err := evalAll(f, e.items)
	return &Tuple{items}, err
}

func (e *dictExpr) eval(f *frame) (Value, error) {
	d := NewDict()
	for i, k := range e.keys {
		key, err := k.eval(f)
		if err != nil {
			return nil, err
		}
		val, err := e.vals[i].eval(f)
		if err != nil {
			return nil, err
		}
		if err := d.Set(key, val); err != nil {
			return nil, f.fail(e.pos, err)
		}
	}
	return d, nil
}
