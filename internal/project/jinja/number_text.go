package jinja

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// floatOf is Python's float(v), false where that fails.
func floatOf(v Value) (float64, bool) {
	if isNumber(v) {
		f, err := toFloat(v)
		return f, err == nil
	}
	s, ok := textOf(v)
	if !ok {
		return 0, false
	}
	s = asciiDigits(strings.TrimFunc(s, isSpace))
	body := strings.ToLower(strings.TrimLeft(s, "+-"))
	switch body {
	case "inf", "infinity", "nan":
	default:
		if body == "" || strings.ContainsAny(body, "xpn") || strings.HasPrefix(body, "i") {
			return 0, false
		}
		if strings.Contains(s, "_") && !validUnderscores(s) {
			return 0, false
		}
		s = strings.ReplaceAll(s, "_", "")
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil && !math.IsInf(f, 0) {
		return 0, false
	}
	return f, true
}

// validUnderscores says whether every underscore stands between two digits.
func validUnderscores(s string) bool {
	for i := range len(s) {
		if s[i] == '_' && (i == 0 || i+1 == len(s) || !isAlnum(s[i-1]) || !isAlnum(s[i+1])) {
			return false
		}
	}
	return true
}

func isAlnum(c byte) bool { return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'z' }

// intOf is Python's int(s, base), nil where that fails.
func intOf(s string, base int) Value {
	s = asciiDigits(strings.TrimFunc(s, isSpace))
	if strings.Contains(s, "_") && !validUnderscores(s) {
		return nil
	}
	sign, digits := "", strings.ReplaceAll(s, "_", "")
	if digits != "" && (digits[0] == '-' || digits[0] == '+') {
		sign, digits = digits[:1], digits[1:]
	}
	if len(digits) > 2 && digits[0] == '0' {
		if b := map[byte]int{'x': 16, 'o': 8, 'b': 2}[digits[1]|0x20]; b != 0 && (base == b || base == 0) {
			base, digits = b, digits[2:]
		}
	}
	if base == 0 {
		base = 10
	}
	if digits == "" || !isAlnum(digits[0]) || base < 2 || base > 36 || len(digits) > maxWidth {
		return nil
	}
	n, ok := new(big.Int).SetString(sign+digits, base)
	if !ok {
		return nil
	}
	return intValue(n)
}

// asciiDigits replaces the decimal digits of other scripts, which begin at
// multiples of ten from their zero.
func asciiDigits(s string) string {
	if isASCII(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf || !unicode.IsDigit(r) {
			return r
		}
		zero := r
		for unicode.IsDigit(zero-1) && r-zero < 9 {
			zero--
		}
		return '0' + r - zero
	}, s)
}

func truncFloat(f float64) (Value, bool) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return nil, false
	}
	n, _ := big.NewFloat(math.Trunc(f)).Int(nil)
	return intValue(n), true
}
