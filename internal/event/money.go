package event

import "github.com/tiendi/tiendi/internal/jsonscan"

// MaxMoney is the largest Decimal(18, 2), in hundredths.
const MaxMoney = 999_999_999_999_999_999

// AddMoney adds amounts in hundredths. Sums end at MaxMoney and -MaxMoney: a store
// that has to hold more refuses it, and all that comes with it.
func AddMoney(a, b int64) int64 { return bounded(bounded(a) + bounded(b)) }

func bounded(amount int64) int64 { return max(-MaxMoney, min(amount, MaxMoney)) }

// hundredths reads a number's text as the warehouse reads a Decimal(18, 2): without
// a float, digits behind the second cut off. It gives false where the text is no
// number of JSON, or beyond what the warehouse holds.
func hundredths(text []byte) (int64, bool) {
	s := scanner{jsonscan.Scanner{Raw: text}}
	s.Take('-')
	if !s.Take('0') && !s.Digits() {
		return 0, false
	}
	whole := s.Pos
	if s.Take('.') && !s.Digits() {
		return 0, false
	}
	places := 2 // by which the point moves to the right
	end := s.Pos
	if end < len(text) {
		exponent, ok := smallExponent(text[end:])
		if !ok {
			return 0, false
		}
		places += exponent
	}
	v, ok := shifted(text[:whole], text[min(whole+1, end):end], places)
	if text[0] == '-' {
		v = -v
	}
	return v, ok
}

// smallExponent reads an exponent. Those of many digits say 0 or too much, which
// the few digits of an amount cannot make up for: they are no amount.
func smallExponent(text []byte) (int, bool) {
	s := scanner{jsonscan.Scanner{Raw: text, Pos: 1}}
	negative := s.Take('-')
	if !negative {
		s.Take('+')
	}
	from := s.Pos
	if text[0]|0x20 != 'e' || !s.Digits() || s.Pos < len(text) || s.Pos-from > 3 {
		return 0, false
	}
	n := 0
	for _, c := range text[from:] {
		n = n*10 + int(c-'0')
	}
	if negative {
		n = -n
	}
	return n, true
}

// shifted is the number of these digits, its point moved to the right, without
// what is then behind it. A sign before the digits counts for nothing.
func shifted(whole, fraction []byte, places int) (v int64, ok bool) {
	digits := len(whole) + len(fraction)
	for i := range len(whole) + places {
		c := byte('0')
		switch {
		case i < len(whole):
			c = whole[i]
		case i < digits:
			c = fraction[i-len(whole)]
		case v == 0:
			return 0, true
		}
		if c == '-' {
			continue
		}
		if v > MaxMoney/10 { // which is 99…9 too, so that no digit is too much
			return 0, false
		}
		v = v*10 + int64(c-'0')
	}
	return v, true
}
