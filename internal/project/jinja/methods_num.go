package jinja

import (
	"math"
	"math/big"
)

func intTable() table {
	t := table{}
	t.def("bit_length", "self", func(_ *state, a values) (Value, error) { return Int(bigOf(a[0]).BitLen()), nil })
	t.def("is_integer", "self", func(*state, values) (Value, error) { return Bool(true), nil })
	t.def("conjugate", "self", func(_ *state, a values) (Value, error) { return intValue(bigOf(a[0])), nil })
	t.def("as_integer_ratio", "self", func(_ *state, a values) (Value, error) {
		return NewTuple(intValue(bigOf(a[0])), Int(1)), nil
	})
	return t
}

func floatTable() table {
	t := table{}
	t.def("is_integer", "self", func(_ *state, a values) (Value, error) {
		f := float64(a[0].(Float))
		return Bool(f == math.Trunc(f) && !math.IsInf(f, 0)), nil
	})
	t.def("as_integer_ratio", "self", func(_ *state, a values) (Value, error) {
		r := new(big.Rat).SetFloat64(float64(a[0].(Float)))
		if r == nil {
			return nil, raise(ValueError, "cannot convert this float to an integer ratio")
		}
		return NewTuple(intValue(r.Num()), intValue(r.Denom())), nil
	})
	return t
}
