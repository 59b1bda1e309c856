package pgtext

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"math/big"
	"strconv"

	"github.com/tiendi/tiendi/internal/warehouse/native"
)

func newDecimals(typ string, precision, scale int) *Column {
	size := 32
	switch {
	case precision <= 9:
		size = 4
	case precision <= 18:
		size = 8
	case precision <= 38:
		size = 16
	}
	limit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(precision)), nil)
	return newExact(typ, size, scale, new(big.Int).Neg(limit), limit)
}

func newIntegers(name string, size int, signed bool) *Column {
	low, high := big.NewInt(-1), new(big.Int).Lsh(big.NewInt(1), uint(8*size))
	if signed {
		high.Rsh(high, 1)
		low.Sub(low, high)
	}
	return newExact(name, size, 0, low, high)
}

// newExact makes a column of whole numbers of 10^-scale, which lie between low and high.
func newExact(typ string, size, scale int, low, high *big.Int) *Column {
	v := native.NewSized(typ, size)
	least, most := int64(math.MinInt64), int64(math.MaxInt64)
	if low.IsInt64() {
		least = low.Int64() + 1
	}
	if high.IsInt64() {
		most = high.Int64() - 1
	}
	return &Column{Growing: v, blank: func() { v.AppendWords([4]uint64{}) }, parse: func(text []byte) error {
		n, ok := small(text, scale)
		if ok && n >= least && n <= most {
			sign := uint64(n >> 63)
			v.AppendWords([4]uint64{uint64(n), sign, sign, sign})
			return nil
		}
		if flag, ok := truth(text); ok && scale == 0 {
			v.AppendWords([4]uint64{flag})
			return nil
		}
		exact, err := large(text, scale)
		switch {
		case err != nil:
			return err
		case exact.Cmp(low) <= 0 || exact.Cmp(high) >= 0:
			return fmt.Errorf("it is beyond the range of %s", typ)
		}
		v.AppendWords(words(exact))
		return nil
	}}
}

// small reads a number of few digits as a multiple of 10^-scale. Of others it knows
// nothing.
func small(text []byte, scale int) (n int64, ok bool) {
	rest, negative := bytes.CutPrefix(text, []byte("-"))
	digits, places := 0, -1 // behind the point, before which there are none
	for _, b := range rest {
		switch {
		case b >= '0' && b <= '9':
			n = 10*n + int64(b-'0')
			digits++
			if places >= 0 {
				places++
			}
		case b == '.' && places < 0:
			places = 0
		default:
			return 0, false
		}
		if digits > 18 {
			return 0, false
		}
	}
	missing := scale - max(places, 0)
	if digits == 0 || missing < 0 || digits+missing > 18 {
		return 0, false
	}
	n *= powers[missing]
	if negative {
		n = -n
	}
	return n, true
}

var powers = [...]int64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18}

var errNumber = errors.New("it is no finite number")

// maxDigits is more than any column takes, and maxExponent than any number has.
const (
	maxDigits   = 100
	maxExponent = 1 << 20
)

// large reads any number as a multiple of 10^-scale. Digits that would be lost are an
// error, unless they are zeros.
func large(text []byte, scale int) (*big.Int, error) {
	mantissa, exponent := text, 0
	if at := bytes.IndexAny(text, "eE"); at >= 0 {
		n, err := strconv.Atoi(string(text[at+1 : min(len(text), at+10)]))
		if err != nil || len(text) > at+10 || n > maxExponent || n < -maxExponent {
			return nil, errNumber
		}
		mantissa, exponent = text[:at], n
	}
	mantissa, negative := bytes.CutPrefix(mantissa, []byte("-"))
	whole, fraction, _ := bytes.Cut(mantissa, []byte("."))
	digits := append(bytes.Clone(whole), fraction...)
	if len(digits) == 0 || len(bytes.Trim(digits, "0123456789")) > 0 {
		return nil, errNumber
	}
	shift := exponent - len(fraction) + scale
	for ; shift < 0 && len(digits) > 0; shift++ {
		last := len(digits) - 1
		if digits[last] != '0' {
			return nil, fmt.Errorf("it has more than the %d decimals of the column", scale)
		}
		digits = digits[:last]
	}
	digits = bytes.TrimLeft(digits, "0")
	if len(digits) == 0 {
		return new(big.Int), nil
	}
	if len(digits)+shift > maxDigits {
		return nil, errors.New("it has more digits than the column")
	}
	n, _ := new(big.Int).SetString(string(digits), 10) // they are digits
	n.Mul(n, new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(shift)), nil))
	if negative {
		n.Neg(n)
	}
	return n, nil
}

// words is a number of up to 256 bits in two's complement, the lowest first.
func words(n *big.Int) (all [4]uint64) {
	if n.Sign() < 0 {
		n = new(big.Int).Add(n, new(big.Int).Lsh(big.NewInt(1), 256))
	}
	var bytes [32]byte
	n.FillBytes(bytes[:])
	for i := range bytes {
		all[i/8] |= uint64(bytes[31-i]) << (8 * (i % 8))
	}
	return all
}
