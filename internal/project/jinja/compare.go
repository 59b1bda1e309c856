package jinja

// truth is Python's bool(v).
func truth(v Value) bool {
	switch v := v.(type) {
	case Bool:
		return bool(v)
	case noneType:
		return false
	case Str:
		return v != ""
	case Markup:
		return v != ""
	case Int:
		return v != 0
	case Float:
		return v != 0
	case *BigInt:
		return v.V.Sign() != 0
	case *List:
		return len(v.Items) > 0
	case *Tuple:
		return len(v.Items) > 0
	case *Undefined:
		return false
	case Truther:
		return v.Truth()
	case Sized:
		return v.Len() > 0
	}
	return true
}

// Truth is Python's bool(v).
func Truth(v Value) bool { return truth(v) }

// Equal is Python's a == b.
func Equal(a, b Value) (bool, error) { return equal(a, b) }

func equal(a, b Value) (bool, error) { return equalDeep(a, b, 0) }

func equalDeep(a, b Value, depth int) (bool, error) {
	if depth > maxPrintDepth {
		return false, raise(RuntimeError, "maximum recursion depth exceeded in comparison")
	}
	if x, ok := textOf(a); ok {
		y, ok := textOf(b)
		return ok && x == y, nil
	}
	if isNumber(a) {
		return isNumber(b) && compareNumbers(a, b) == 0, nil
	}
	switch x := a.(type) {
	case *List:
		y, ok := b.(*List)
		return equalItems(x.Items, ok, func() []Value { return y.Items }, depth)
	case *Tuple, *group:
		xs, _ := itemsOf(a)
		ys, ok := itemsOf(b)
		_, isList := b.(*List)
		return equalItems(xs, ok && !isList, func() []Value { return ys }, depth)
	case *Dict:
		y, ok := b.(*Dict)
		if !ok || x.Len() != y.Len() {
			return false, nil
		}
		return equalDicts(x, y, depth)
	case *Undefined:
		_, ok := b.(*Undefined)
		return ok, nil
	case *dictView, *Set:
		return equalSets(a, b)
	case *Range:
		y, ok := b.(*Range)
		return ok && equalRanges(x, y), nil
	}
	return equalObjects(a, b), nil
}

func equalRanges(x, y *Range) bool {
	n := x.Len()
	return n == y.Len() && (n == 0 || x.Start == y.Start && (n == 1 || x.Step == y.Step))
}

func equalObjects(a, b Value) bool {
	if _, ok := a.(Hasher); ok {
		x, err := hashKey(a)
		y, err2 := hashKey(b)
		_, both := b.(Hasher)
		return both && err == nil && err2 == nil && x == y
	}
	return isComparable(a) && isComparable(b) && a == b
}

func equalItems(xs []Value, same bool, other func() []Value, depth int) (bool, error) {
	if !same {
		return false, nil
	}
	ys := other()
	if len(xs) != len(ys) {
		return false, nil
	}
	for i := range xs {
		if ok, err := equalDeep(xs[i], ys[i], depth+1); !ok || err != nil {
			return false, err
		}
	}
	return true, nil
}

func equalDicts(x, y *Dict, depth int) (bool, error) {
	for i, k := range x.keys {
		if k == nil {
			continue
		}
		v, ok, err := y.Get(k)
		if err != nil || !ok {
			return false, err
		}
		if ok, err := equalDeep(x.vals[i], v, depth+1); !ok || err != nil {
			return false, err
		}
	}
	return true, nil
}

func equalSets(a, b Value) (bool, error) {
	x, okX := setLike(a)
	y, okY := setLike(b)
	if !okX || !okY {
		return a == b, nil
	}
	if x.Len() != y.Len() {
		return false, nil
	}
	for _, v := range x.d.Keys() {
		if ok, err := y.Has(v); !ok || err != nil {
			return false, err
		}
	}
	return true, nil
}

// setLike gives sets, and dict keys and items as sets.
func setLike(v Value) (*Set, bool) {
	switch v := v.(type) {
	case *Set:
		return v, true
	case *dictView:
		if v.kind == "dict_values" {
			return nil, false
		}
		s, err := NewSet(v.items()...)
		return s, err == nil
	}
	return nil, false
}

// textOf gives the text of a str.
func textOf(v Value) (string, bool) {
	switch v := v.(type) {
	case Str:
		return string(v), true
	case Markup:
		return string(v), true
	case nativeText:
		return string(v.Str), true
	}
	return "", false
}

func isNumber(v Value) bool {
	switch v.(type) {
	case Int, Bool, Float, *BigInt:
		return true
	}
	return false
}
