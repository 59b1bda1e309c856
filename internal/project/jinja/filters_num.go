package jinja

import (
	"math"
	"math/big"
	"strconv"
)

func numberFilters(t table) {
	t.def("abs", "x", func(_ *state, a values) (Value, error) { return absValue(a[0]) })
	t.def("int", "value default? base?", intFilter)
	t.def("float", "value default?", func(_ *state, a values) (Value, error) {
		f, ok := floatOf(a[0])
		if u, isU := a[0].(*Undefined); isU {
			return nil, u.err()
		}
		if ok {
			return Float(f), nil
		}
		if a[1] == nil {
			return Float(0), nil
		}
		return a[1], nil
	})
	t.def("round", "value precision? method?", roundFilter)
	t.def("filesizeformat", "value binary?", filesizeFilter)
}

func absValue(v Value) (Value, error) {
	switch v := v.(type) {
	case Float:
		return Float(math.Abs(float64(v))), nil
	case *Duration:
		if v.micros < 0 {
			return &Duration{-v.micros}, nil
		}
		return v, nil
	case *Undefined:
		return nil, v.err()
	}
	if !isInt(v) {
		return nil, raise(TypeError, "bad operand type for abs(): %s", reprStr(v.Type()))
	}
	return intValue(new(big.Int).Abs(bigOf(v))), nil
}

func intFilter(_ *state, a values) (Value, error) {
	base, err := intArg(a[2], 10)
	if err != nil {
		return nil, err
	}
	if u, ok := a[0].(*Undefined); ok {
		return nil, u.err()
	}
	if s, ok := textOf(a[0]); ok {
		if v := intOf(s, base); v != nil {
			return v, nil
		}
	} else if isInt(a[0]) {
		return intValue(bigOf(a[0])), nil
	}
	if f, ok := floatOf(a[0]); ok {
		if v, ok := truncFloat(f); ok {
			return v, nil
		}
	}
	if a[1] == nil {
		return Int(0), nil
	}
	return a[1], nil
}

func roundFilter(_ *state, a values) (Value, error) {
	prec, err := intArg(a[1], 0)
	if err != nil {
		return nil, err
	}
	method, given, err := givenText(a[2])
	if err != nil {
		return nil, err
	}
	if u, ok := a[0].(*Undefined); ok {
		return nil, u.err()
	}
	if !isNumber(a[0]) {
		return nil, raise(TypeError, "type %s doesn't define __round__ method", a[0].Type())
	}
	if !given || method == "common" {
		return roundValue(a[0], prec), nil
	}
	f, err := toFloat(a[0])
	if err != nil {
		return nil, err
	}
	scale := math.Pow10(prec)
	switch method {
	case "ceil":
		return Float(math.Ceil(f*scale) / scale), nil
	case "floor":
		return Float(math.Floor(f*scale) / scale), nil
	}
	return nil, raise(TypeError, "method must be common, ceil or floor")
}

// roundValue is Python's round(v, prec): half to even, on the exact value.
func roundValue(v Value, prec int) Value {
	if f, ok := v.(Float); ok {
		if prec > 400 || math.IsInf(float64(f), 0) || math.IsNaN(float64(f)) {
			return f
		}
		if prec >= 0 {
			r, _ := strconv.ParseFloat(strconv.FormatFloat(float64(f), 'f', prec, 64), 64)
			return Float(r)
		}
		n, _ := big.NewFloat(math.Trunc(float64(f))).Int(nil)
		r, _ := toFloat(roundInt(n, -prec))
		return Float(r)
	}
	n := bigOf(v)
	if prec >= 0 {
		return intValue(n)
	}
	return roundInt(n, -prec)
}

// roundInt rounds to a multiple of 10**places, halves to even.
func roundInt(n *big.Int, places int) Value {
	if places > 400 {
		return Int(0)
	}
	unit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil)
	q, m := new(big.Int).DivMod(n, unit, new(big.Int))
	if c := m.Lsh(m, 1).Cmp(unit); c > 0 || c == 0 && q.Bit(0) == 1 {
		q.Add(q, big.NewInt(1))
	}
	return intValue(q.Mul(q, unit))
}

func filesizeFilter(_ *state, a values) (Value, error) {
	f, ok := floatOf(a[0])
	if !ok {
		return nil, raise(ValueError, "could not convert %s to a size", mustRepr(a[0]))
	}
	base, suffix, first := 1000.0, "B", "k"
	if a[1] != nil && truth(a[1]) {
		base, suffix, first = 1024, "iB", "K"
	}
	switch {
	case f == 1:
		return Str("1 Byte"), nil
	case f < base:
		return Str(strconv.Itoa(int(f)) + " Bytes"), nil
	}
	unit := base
	prefixes := first + "MGTPEZY"
	for i := range prefixes {
		unit *= base
		if f < unit || i == len(prefixes)-1 {
			return Str(fixed(base*f/unit, 1, false) + " " + prefixes[i:i+1] + suffix), nil
		}
	}
	return nil, nil
}
