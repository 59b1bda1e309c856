package jinja

import "strings"

// binary is a op b.
func (st *state) binary(op tokenKind, a, b Value) (Value, error) {
	if isNumber(a) && isNumber(b) {
		return st.numeric(op, a, b)
	}
	if text, ok := textOf(a); ok && op == tokMod {
		return st.percentValue(a, text, b)
	}
	for _, v := range []Value{a, b} {
		if u, ok := v.(*Undefined); ok {
			return nil, u.err()
		}
	}
	switch op {
	case tokAdd:
		return st.add(a, b)
	case tokMul:
		if n, ok := smallInt(b); ok {
			return st.repeat(a, n)
		}
		if n, ok := smallInt(a); ok {
			return st.repeat(b, n)
		}
	case tokSub:
		x, ok := setLike(a)
		y, ok2 := setLike(b)
		if ok && ok2 {
			return x.without(y), nil
		}
	}
	if v, err := dateArith(op, a, b); v != nil || err != nil {
		return v, err
	}
	return nil, badOperands(op, a, b)
}

func badOperands(op tokenKind, a, b Value) error {
	sign := tokenNames[op]
	if op == tokPow {
		sign = "** or pow()"
	}
	return raise(TypeError, "unsupported operand type(s) for %s: %s and %s", sign, reprStr(a.Type()), reprStr(b.Type()))
}

func (st *state) add(a, b Value) (Value, error) {
	if x, ok := textOf(a); ok {
		y, ok := textOf(b)
		if !ok {
			return nil, raise(TypeError, "can only concatenate str (not %s) to str", `"`+b.Type()+`"`)
		}
		if err := st.bytes(len(x) + len(y)); err != nil {
			return nil, err
		}
		st.charge(len(x) + len(y))
		return addText(a, b, x, y), nil
	}
	switch x := a.(type) {
	case *List:
		if y, ok := b.(*List); ok {
			if err := st.items(len(x.Items) + len(y.Items)); err != nil {
				return nil, err
			}
			st.charge(16 * (len(x.Items) + len(y.Items)))
			return NewList(append(append([]Value(nil), x.Items...), y.Items...)...), nil
		}
		return nil, raise(TypeError, "can only concatenate list (not %s) to list", `"`+b.Type()+`"`)
	case *Tuple:
		if y, ok := b.(*Tuple); ok {
			if err := st.items(len(x.Items) + len(y.Items)); err != nil {
				return nil, err
			}
			return NewTuple(append(append([]Value(nil), x.Items...), y.Items...)...), nil
		}
		return nil, raise(TypeError, "can only concatenate tuple (not %s) to tuple", `"`+b.Type()+`"`)
	}
	if v, err := dateArith(tokAdd, a, b); v != nil || err != nil {
		return v, err
	}
	return nil, badOperands(tokAdd, a, b)
}

// addText joins two strs; next to Markup plain text is escaped.
func addText(a, b Value, x, y string) Value {
	_, markA := a.(Markup)
	_, markB := b.(Markup)
	switch {
	case markA && !markB:
		return Markup(x + escapeHTML(y))
	case markB && !markA:
		return Markup(escapeHTML(x) + y)
	case markA:
		return Markup(x + y)
	}
	return Str(x + y)
}

func (st *state) repeat(v Value, n int64) (Value, error) {
	n = max(n, 0)
	if text, ok := textOf(v); ok {
		if n > 0 && int64(len(text)) > int64(st.limits.Output)/n {
			return nil, st.bytes(-1)
		}
		text = strings.Repeat(text, int(n))
		st.charge(len(text))
		if _, ok := v.(Markup); ok {
			return Markup(text), nil
		}
		return Str(text), nil
	}
	items, ok := itemsOf(v)
	if !ok {
		if d, ok := v.(*Duration); ok {
			return &Duration{d.micros * n}, nil
		}
		return nil, badOperands(tokMul, v, Int(n))
	}
	if n > 0 && int64(len(items)) > int64(st.limits.Items)/n {
		return nil, st.items(-1)
	}
	out := make([]Value, 0, len(items)*int(n))
	st.charge(16 * cap(out))
	for range n {
		out = append(out, items...)
	}
	if _, ok := v.(*List); ok {
		return NewList(out...), nil
	}
	return NewTuple(out...), nil
}
