package jinja

import (
	"cmp"
	"math"
	"math/big"
	"reflect"
	"strings"
)

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
	if x, ok := a.(Hasher); ok {
		y, ok := b.(Hasher)
		return ok && x.HashKey() == y.HashKey()
	}
	t := reflect.TypeOf(a)
	return t == reflect.TypeOf(b) && t.Comparable() && a == b
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

// notANumber is what compareNumbers gives when an operand is NaN.
const notANumber = 2

// compareNumbers gives -1, 0, 1 or notANumber, exactly also between large ints
// and floats.
func compareNumbers(a, b Value) int {
	x, xInt := smallInt(a)
	y, yInt := smallInt(b)
	if xInt && yInt {
		return cmp.Compare(x, y)
	}
	for _, v := range []Value{a, b} {
		if f, ok := v.(Float); ok && math.IsNaN(float64(f)) {
			return notANumber
		}
	}
	return bigFloat(a).Cmp(bigFloat(b))
}

func bigFloat(v Value) *big.Float {
	if f, ok := v.(Float); ok {
		return new(big.Float).SetFloat64(float64(f))
	}
	i := bigOf(v)
	return new(big.Float).SetPrec(uint(max(64, i.BitLen()))).SetInt(i)
}

// order is Python's a < b (-1), a == b (0) or a > b (1).
func order(a, b Value, op string) (int, error) {
	if x, ok := textOf(a); ok {
		if y, ok := textOf(b); ok {
			return strings.Compare(x, y), nil
		}
	} else if isNumber(a) && isNumber(b) {
		return compareNumbers(a, b), nil
	} else if n, ok, err := orderItems(a, b, op); ok || err != nil {
		return n, err
	}
	if o, ok := a.(orderer); ok {
		if n, ok := o.compareTo(b); ok {
			return n, nil
		}
	}
	for _, v := range []Value{a, b} {
		if u, ok := v.(*Undefined); ok {
			return 0, u.err()
		}
	}
	return 0, raise(TypeError, "%s not supported between instances of %s and %s", reprStr(op), reprStr(a.Type()), reprStr(b.Type()))
}

// orderer is a value with an order of its own, such as a date.
type orderer interface {
	compareTo(v Value) (int, bool)
}

func orderItems(a, b Value, op string) (int, bool, error) {
	xs, ok := itemsOf(a)
	ys, ok2 := itemsOf(b)
	_, l1 := a.(*List)
	_, l2 := b.(*List)
	if !ok || !ok2 || l1 != l2 {
		return 0, false, nil
	}
	for i := range min(len(xs), len(ys)) {
		same, err := equal(xs[i], ys[i])
		if err != nil {
			return 0, true, err
		}
		if !same {
			n, err := order(xs[i], ys[i], op)
			return n, true, err
		}
	}
	return cmp.Compare(len(xs), len(ys)), true, nil
}
