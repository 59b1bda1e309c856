package jsonschema

import (
	"cmp"
	"encoding/json"
	"math/big"
	"strconv"
	"strings"
)

// decimal is a JSON number as it is written, digits × 10^exponent. It takes as
// much memory as its text, however large the exponent, and no step of its
// arithmetic takes more.
type decimal struct {
	negative bool
	digits   string // without zeros at either end, "" for zero
	exponent int64
}

// farExponent stands for all exponents that are too long to read.
const farExponent = 1 << 60

// newDecimal takes a number's text apart. The text must be a JSON number.
func newDecimal(text json.Number) decimal {
	s, negative := strings.CutPrefix(string(text), "-")
	exponent := int64(0)
	if at := strings.IndexAny(s, "eE"); at >= 0 {
		exponent = readExponent(s[at+1:])
		s = s[:at]
	}
	if whole, fraction, found := strings.Cut(s, "."); found {
		s = whole + fraction
		exponent -= int64(len(fraction))
	}
	digits := strings.TrimRight(s, "0")
	exponent += int64(len(s) - len(digits))
	digits = strings.TrimLeft(digits, "0")
	if digits == "" {
		return decimal{}
	}
	return decimal{negative, digits, exponent}
}

func readExponent(text string) int64 {
	n, err := strconv.ParseInt(text, 10, 64)
	switch {
	case err == nil && -farExponent < n && n < farExponent:
		return n
	case text[0] == '-':
		return -farExponent
	}
	return farExponent
}

func (d decimal) isInteger() bool { return d.exponent >= 0 }

func (d decimal) sign() int {
	switch {
	case d.digits == "":
		return 0
	case d.negative:
		return -1
	}
	return 1
}

// compare gives -1, 0 or 1 as d is less than, equal to or more than o.
func (d decimal) compare(o decimal) int {
	if c := cmp.Compare(d.sign(), o.sign()); c != 0 || d.digits == "" {
		return c
	}
	// The place of the first digit decides, then the digits from there on.
	first, other := d.exponent+int64(len(d.digits)), o.exponent+int64(len(o.digits))
	return d.sign() * cmp.Or(cmp.Compare(first, other), strings.Compare(d.digits, o.digits))
}

// multipleOf says whether d is a whole number of times m, which is not zero.
func (d decimal) multipleOf(m decimal) bool {
	if d.digits == "" {
		return true
	}
	// Neither's digits end in a zero, so no power of ten can be made up for.
	shift := d.exponent - m.exponent
	if shift < 0 {
		return false
	}
	a, _ := new(big.Int).SetString(d.digits, 10)
	b, _ := new(big.Int).SetString(m.digits, 10)
	power := new(big.Int).Exp(big.NewInt(10), big.NewInt(shift), b)
	return a.Mul(a, power).Mod(a, b).Sign() == 0
}

// count is d as the number of something, the largest int for any that is
// larger; ok is false for what counts nothing.
func (d decimal) count() (n int, ok bool) {
	const most = 1<<31 - 1
	if d.negative || !d.isInteger() {
		return 0, false
	}
	if int64(len(d.digits))+d.exponent > 9 {
		return most, true
	}
	if d.digits != "" {
		n, _ = strconv.Atoi(d.digits + strings.Repeat("0", int(d.exponent)))
	}
	return n, true
}
