package jinja

import (
	"math"
	"math/big"
	"math/bits"
)

// numeric is a op b for two numbers.
func (st *state) numeric(op tokenKind, a, b Value) (Value, error) {
	x, xOK := smallInt(a)
	y, yOK := smallInt(b)
	if xOK && yOK {
		if v, ok := smallArith(op, x, y); ok {
			return v, nil
		}
	}
	if isInt(a) && isInt(b) && op != tokDiv {
		return bigArith(op, bigOf(a), bigOf(b))
	}
	f, err := toFloat(a)
	if err != nil {
		return nil, err
	}
	g, err := toFloat(b)
	if err != nil {
		return nil, err
	}
	return floatArith(op, f, g, isInt(a) && isInt(b))
}

// smallArith handles the common cases without overflow.
func smallArith(op tokenKind, x, y int64) (Value, bool) {
	switch op {
	case tokAdd:
		if s := x + y; (s > x) == (y > 0) {
			return Int(s), true
		}
	case tokSub:
		if d := x - y; (d < x) == (y > 0) {
			return Int(d), true
		}
	case tokMul:
		hi, lo := bits.Mul64(magnitude(x), magnitude(y))
		if hi == 0 && lo < 1<<63 {
			return Int(x * y), true
		}
	case tokFloorDiv:
		if y != 0 && x != math.MinInt64 {
			q := x / y
			if x%y != 0 && (x < 0) != (y < 0) {
				q--
			}
			return Int(q), true
		}
	case tokMod:
		if y != 0 && y != -1 {
			m := x % y
			if m != 0 && (m < 0) != (y < 0) {
				m += y
			}
			return Int(m), true
		}
	}
	return nil, false
}

func magnitude(x int64) uint64 {
	if x < 0 {
		return -uint64(x)
	}
	return uint64(x)
}

func bigArith(op tokenKind, x, y *big.Int) (Value, error) {
	z := new(big.Int)
	switch op {
	case tokAdd:
		return intValue(z.Add(x, y)), nil
	case tokSub:
		return intValue(z.Sub(x, y)), nil
	case tokMul:
		if x.BitLen()+y.BitLen() > maxBits {
			return nil, limitError("bits", maxBits, "an int", "use smaller numbers")
		}
		return intValue(z.Mul(x, y)), nil
	case tokPow:
		return bigPow(x, y)
	}
	if y.Sign() == 0 {
		return nil, zeroDivision(op, true)
	}
	m := new(big.Int)
	z.QuoRem(x, y, m)
	if m.Sign() != 0 && m.Sign() != y.Sign() {
		z.Sub(z, big.NewInt(1))
		m.Add(m, y)
	}
	if op == tokMod {
		return intValue(m), nil
	}
	return intValue(z), nil
}

func bigPow(x, y *big.Int) (Value, error) {
	if y.Sign() < 0 {
		f, _ := new(big.Float).SetInt(x).Float64()
		g, _ := new(big.Float).SetInt(y).Float64()
		return floatArith(tokPow, f, g, true)
	}
	if x.BitLen() > 1 && (!y.IsInt64() || y.Int64() > maxBits || int64(x.BitLen())*y.Int64() > maxBits) {
		return nil, limitError("bits", maxBits, "the result of **", "use smaller numbers")
	}
	return intValue(new(big.Int).Exp(x, y, nil)), nil
}

func zeroDivision(op tokenKind, ints bool) error {
	switch {
	case op == tokPow:
		return raise(ValueError, "0.0 cannot be raised to a negative power")
	case op == tokDiv && ints:
		return raise(ValueError, "division by zero")
	case op == tokDiv:
		return raise(ValueError, "float division by zero")
	case ints:
		return raise(ValueError, "integer division or modulo by zero")
	case op == tokMod:
		return raise(ValueError, "float modulo")
	}
	return raise(ValueError, "float floor division by zero")
}

func floatArith(op tokenKind, x, y float64, ints bool) (Value, error) {
	switch op {
	case tokAdd:
		return Float(x + y), nil
	case tokSub:
		return Float(x - y), nil
	case tokMul:
		return Float(x * y), nil
	case tokPow:
		if x == 0 && y < 0 {
			return nil, zeroDivision(op, ints)
		}
		r := math.Pow(x, y)
		if math.IsNaN(r) && !math.IsNaN(x) && !math.IsNaN(y) {
			return nil, raise(ValueError, "the power of a negative number with a fraction is a complex number")
		}
		if math.IsInf(r, 0) && !math.IsInf(x, 0) && !math.IsInf(y, 0) {
			return nil, raise(ValueError, "(34, 'Numerical result out of range')")
		}
		return Float(r), nil
	}
	if y == 0 {
		return nil, zeroDivision(op, ints)
	}
	if op == tokDiv {
		return Float(x / y), nil
	}
	mod := math.Mod(x, y)
	if mod != 0 && (mod < 0) != (y < 0) {
		mod += y
	}
	if op == tokMod {
		return Float(mod), nil
	}
	div := (x - mod) / y
	if floor := math.Floor(div); div-floor > 0.5 {
		return Float(floor + 1), nil
	}
	return Float(math.Floor(div)), nil
}
