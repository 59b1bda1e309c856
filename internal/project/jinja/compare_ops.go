package jinja

import "strings"

var compareSigns = [...]string{opEq: "==", opNe: "!=", opLt: "<", opLe: "<=", opGt: ">", opGe: ">="}

// compareWith evaluates a op b.
func compareWith(op compareOp, a, b Value) (Value, error) {
	switch op {
	case opEq, opNe:
		same, err := equal(a, b)
		return Bool(same == (op == opEq)), err
	case opIn, opNotIn:
		in, err := contains(b, a)
		return Bool(in == (op == opIn)), err
	}
	if v, ok := compareSets(op, a, b); ok {
		return v, nil
	}
	n, err := order(a, b, compareSigns[op])
	if err != nil || n == notANumber {
		return Bool(false), err
	}
	switch op {
	case opLt:
		return Bool(n < 0), nil
	case opLe:
		return Bool(n <= 0), nil
	case opGt:
		return Bool(n > 0), nil
	}
	return Bool(n >= 0), nil
}

// compareSets is the subset relation.
func compareSets(op compareOp, a, b Value) (Value, bool) {
	x, ok := setLike(a)
	y, ok2 := setLike(b)
	if !ok || !ok2 {
		return nil, false
	}
	switch op {
	case opLt:
		return Bool(subset(x, y) && x.Len() < y.Len()), true
	case opLe:
		return Bool(subset(x, y)), true
	case opGt:
		return Bool(subset(y, x) && y.Len() < x.Len()), true
	}
	return Bool(subset(y, x)), true
}

func subset(x, y *Set) bool {
	for _, v := range x.d.Keys() {
		if ok, _ := y.Has(v); !ok {
			return false
		}
	}
	return true
}

// contains is Python's v in seq.
func contains(seq, v Value) (bool, error) {
	switch seq := seq.(type) {
	case Str, Markup:
		text, _ := textOf(seq)
		part, ok := textOf(v)
		if !ok {
			if u, ok := v.(*Undefined); ok {
				return false, u.err()
			}
			return false, raise(TypeError, "'in <string>' requires string as left operand, not %s", v.Type())
		}
		return strings.Contains(text, part), nil
	case *Dict:
		_, ok, err := seq.Get(v)
		return ok, err
	case *Set:
		return seq.Has(v)
	case *dictView:
		if seq.kind == "dict_keys" {
			_, ok, err := seq.d.Get(v)
			return ok, err
		}
	case *Range:
		return inRange(seq, v), nil
	case Container:
		return seq.Contains(v), nil
	case Mapping:
		_, ok := seq.Item(v)
		return ok, nil
	}
	it, err := iterate(seq)
	if err != nil {
		return false, raise(TypeError, "argument of type %s is not iterable", reprStr(seq.Type()))
	}
	for {
		x, ok, err := it.next()
		if err != nil || !ok {
			return false, err
		}
		if same, err := equal(x, v); same || err != nil {
			return same, err
		}
	}
}

func inRange(r *Range, v Value) bool {
	n, ok := smallInt(v)
	if f, isFloat := v.(Float); isFloat {
		n, ok = int64(f), Float(int64(f)) == f
	}
	if !ok || r.Len() == 0 {
		return false
	}
	if r.Step > 0 {
		return n >= r.Start && n < r.Stop && (n-r.Start)%r.Step == 0
	}
	return n <= r.Start && n > r.Stop && (r.Start-n)%-r.Step == 0
}
