package jinja

import (
	"math"
	"math/big"
	"strconv"
	"strings"
)

// maxBits bounds ints made by ** and <<, about 300,000 decimal digits.
const maxBits = 1 << 20

// smallInt gives ints and bools that fit 64 bits.
func smallInt(v Value) (int64, bool) {
	switch v := v.(type) {
	case Int:
		return int64(v), true
	case Bool:
		if v {
			return 1, true
		}
		return 0, true
	}
	return 0, false
}

func isInt(v Value) bool {
	switch v.(type) {
	case Int, Bool, *BigInt:
		return true
	}
	return false
}

func bigOf(v Value) *big.Int {
	if b, ok := v.(*BigInt); ok {
		return b.V
	}
	n, _ := smallInt(v)
	return big.NewInt(n)
}

// intValue makes the smallest int type that holds b.
func intValue(b *big.Int) Value {
	if b.IsInt64() {
		return Int(b.Int64())
	}
	return &BigInt{b}
}

// toFloat converts a number; the error is that it is too large.
func toFloat(v Value) (float64, error) {
	switch v := v.(type) {
	case Float:
		return float64(v), nil
	case *BigInt:
		f, _ := new(big.Float).SetInt(v.V).Float64()
		if math.IsInf(f, 0) {
			return 0, raise(ValueError, "int too large to convert to float")
		}
		return f, nil
	}
	n, _ := smallInt(v)
	return float64(n), nil
}

// parseInt reads an int literal, of any base and with underscores.
func parseInt(text string) Value {
	text = strings.ReplaceAll(text, "_", "")
	if n, err := strconv.ParseInt(text, 0, 64); err == nil {
		return Int(n)
	}
	if b, ok := new(big.Int).SetString(text, 0); ok {
		return intValue(b)
	}
	return Int(0)
}

func parseFloatLiteral(text string) Value {
	f, _ := strconv.ParseFloat(strings.ReplaceAll(text, "_", ""), 64)
	return Float(f)
}

// reprFloat is the shortest text that reads back as the same float.
func reprFloat(f float64) string {
	switch {
	case math.IsNaN(f):
		return "nan"
	case math.IsInf(f, 1):
		return "inf"
	case math.IsInf(f, -1):
		return "-inf"
	}
	if a := math.Abs(f); a != 0 && (a < 1e-4 || a >= 1e16) {
		return strconv.FormatFloat(f, 'e', -1, 64)
	}
	s := strconv.FormatFloat(f, 'f', -1, 64)
	if strings.IndexByte(s, '.') < 0 {
		s += ".0"
	}
	return s
}

// unary is -x or +x.
func unary(op tokenKind, x Value) (Value, error) {
	switch v := x.(type) {
	case *Undefined:
		return nil, v.err()
	case Float:
		if op == tokSub {
			return -v, nil
		}
		return v, nil
	case *Duration:
		if op == tokSub {
			return &Duration{-v.micros}, nil
		}
		return v, nil
	}
	if !isInt(x) {
		sign := "-"
		if op == tokAdd {
			sign = "+"
		}
		return nil, raise(TypeError, "bad operand type for unary %s: %s", sign, reprStr(x.Type()))
	}
	n := bigOf(x)
	if op == tokSub {
		n = new(big.Int).Neg(n)
	}
	return intValue(n), nil
}
