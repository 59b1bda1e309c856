package event

import (
	"math/big"
	"strconv"
)

// decimal is a JSON number's text, taken apart as far as the fast comparisons
// need it.
type decimal struct {
	text     []byte
	whole    int64 // the digits before the point, without sign
	negative bool
	fraction bool // the digits behind the point are not all zero
	plain    bool // whole and fraction say all: no exponent, at most 18 digits before the point
}

func newDecimal(text []byte) decimal {
	d := decimal{text: text, plain: true}
	digits := text
	if digits[0] == '-' {
		d.negative, digits = true, digits[1:]
	}
	behind := false
	for i, c := range digits {
		switch {
		case c == '.':
			behind = true
		case c == 'e' || c == 'E':
			d.plain = false
			return d
		case behind:
			d.fraction = d.fraction || c != '0'
		case i == 18:
			d.plain = false
		default:
			d.whole = d.whole*10 + int64(c-'0')
		}
	}
	return d
}

// readable says whether whoever reads properties further on can hold the
// number: integers in 64 bits, all others as a finite double. ClickHouse takes
// a whole object for broken when one number in it is not.
func (d *decimal) readable() bool {
	if d.plain && len(d.text) <= maxNumber {
		return true
	}
	if len(d.text) > maxNumber || d.exponent() > 400 {
		return false
	}
	if d.integral() {
		text := string(d.text)
		if d.negative {
			_, err := strconv.ParseInt(text, 10, 64)
			return err == nil
		}
		_, err := strconv.ParseUint(text, 10, 64)
		return err == nil
	}
	_, err := strconv.ParseFloat(string(d.text), 64)
	return err == nil
}

// integral says whether the text is written as an integer.
func (d *decimal) integral() bool {
	for _, c := range d.text {
		if c == '.' || c == 'e' || c == 'E' {
			return false
		}
	}
	return true
}

// exponent is the size of the exponent, without its sign; large for any that
// is too long to read.
func (d *decimal) exponent() int {
	for i, c := range d.text {
		if c != 'e' && c != 'E' {
			continue
		}
		digits := d.text[i+1:]
		if digits[0] == '-' || digits[0] == '+' {
			digits = digits[1:]
		}
		n, err := strconv.Atoi(string(digits))
		if err != nil {
			return maxExponentRead
		}
		return n
	}
	return 0
}

const maxExponentRead = 1 << 30

// isInteger says whether the value is one, which JSON Schema also grants to
// 2.0 and 2e3.
func (d *decimal) isInteger() bool {
	if d.plain {
		return !d.fraction
	}
	return d.exact().IsInt()
}

// exact is the value; the text must be readable.
func (d *decimal) exact() *big.Rat {
	value, _ := new(big.Rat).SetString(string(d.text))
	return value
}

// bound is a limit that a schema sets to a number.
type bound struct {
	value  *big.Rat
	whole  int64 // value, where it is an integer of 64 bits
	small  bool
	strict bool // the limit itself is out
	text   string
}

func newBound(text string, strict bool) (bound, bool) {
	value, ok := new(big.Rat).SetString(text)
	if !ok {
		return bound{}, false
	}
	b := bound{value: value, strict: strict, text: text}
	if value.IsInt() && value.Num().IsInt64() {
		b.whole, b.small = value.Num().Int64(), true
	}
	return b, true
}

// compare gives -1, 0 or 1 as d lies below, on or above the bound.
func (d *decimal) compare(b *bound) int {
	if !d.plain || !b.small {
		return d.exact().Cmp(b.value)
	}
	whole, toward := d.whole, 1 // a fraction moves away from zero
	if d.negative {
		whole, toward = -whole, -1
	}
	switch {
	case whole < b.whole:
		return -1
	case whole > b.whole:
		return 1
	case d.fraction:
		return toward
	}
	return 0
}
