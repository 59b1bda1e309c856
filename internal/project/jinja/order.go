package jinja

import (
	"cmp"
	"math"
	"math/big"
	"strings"
)

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
