package jinja

// literal gives the value of an expression that is made of literals only.
func literal(x expr) (Value, bool) {
	switch x := x.(type) {
	case *constExpr:
		return x.v, true
	case *unaryExpr:
		v, ok := literal(x.x)
		if !ok || !isNumber(v) {
			return nil, false
		}
		v, err := unary(x.op, v)
		return v, err == nil
	case *listExpr:
		items, ok := literals(x.items)
		return &List{items}, ok
	case *tupleExpr:
		items, ok := literals(x.items)
		return &Tuple{items}, ok
	case *dictExpr:
		return literalDict(x)
	}
	return nil, false
}

func literals(list []expr) ([]Value, bool) {
	out := make([]Value, len(list))
	for i, x := range list {
		v, ok := literal(x)
		if !ok {
			return nil, false
		}
		out[i] = v
	}
	return out, true
}

func literalDict(x *dictExpr) (Value, bool) {
	d := NewDict()
	for i := range x.keys {
		k, ok := literal(x.keys[i])
		if !ok {
			return nil, false
		}
		v, ok := literal(x.vals[i])
		if !ok || d.Set(k, v) != nil {
			return nil, false
		}
	}
	return d, true
}
