package jinja

import (
	"math"
	"math/big"
	"strconv"
	"strings"
)

func (f *formatSpec) integer(n *big.Int) (string, error) {
	base, prefix, every := 10, "", 3
	switch f.verb {
	case 0, 'd', 'n':
	case 'b':
		base, prefix, every = 2, "0b", 4
	case 'o':
		base, prefix, every = 8, "0o", 4
	case 'x', 'X':
		base, prefix, every = 16, "0"+string(f.verb), 4
	case 'c':
		return f.fit("", string(rune(n.Int64())), '<'), nil
	default:
		return "", raise(ValueError, "Unknown format code '%c' for object of type 'int'", f.verb)
	}
	if f.prec >= 0 {
		return "", raise(ValueError, "Precision not allowed in integer format specifier")
	}
	digits := new(big.Int).Abs(n).Text(base)
	if f.verb == 'X' {
		digits = strings.ToUpper(digits)
	}
	sign := f.signOf(n.Sign() < 0)
	if f.alt {
		sign += prefix
	}
	return f.grouped(sign, digits, "", every), nil
}

// grouped puts separators between digits, and zeros that fill the width.
func (f *formatSpec) grouped(sign, digits, tail string, every int) string {
	if f.grouping == 0 {
		return f.fit(sign, digits+tail, '>')
	}
	out := groupDigits(digits, string(f.grouping), every)
	if f.fill == "0" && f.align == '=' {
		for len(sign)+len(out)+len(tail) < f.width {
			digits = "0" + digits
			out = groupDigits(digits, string(f.grouping), every)
		}
	}
	return f.fit(sign, out+tail, '>')
}

func groupDigits(digits, sep string, every int) string {
	var b strings.Builder
	for i, c := range digits {
		if i > 0 && (len(digits)-i)%every == 0 {
			b.WriteString(sep)
		}
		b.WriteRune(c)
	}
	return b.String()
}

func (f *formatSpec) float(x float64) (string, error) {
	sign := f.signOf(math.Signbit(x) && !math.IsNaN(x))
	s, err := f.digits(math.Abs(x))
	if err != nil {
		return "", err
	}
	whole, tail := s, ""
	if i := strings.IndexAny(s, ".e%E"); i >= 0 {
		whole, tail = s[:i], s[i:]
	}
	if math.IsInf(x, 0) || math.IsNaN(x) {
		return f.fit(sign, s, '>'), nil
	}
	return f.grouped(sign, whole, tail, 3), nil
}

func (f *formatSpec) digits(x float64) (string, error) {
	prec := f.prec
	if prec < 0 {
		prec = 6
	}
	switch f.verb {
	case 'f', 'F':
		return fixed(x, prec, f.alt), nil
	case 'e', 'E':
		s := strconv.FormatFloat(x, 'e', prec, 64)
		if f.verb == 'E' {
			s = strings.ToUpper(s)
		}
		return s, nil
	case '%':
		return fixed(x*100, prec, f.alt) + "%", nil
	case 'g', 'G', 'n':
		return general(x, prec, f.alt, f.verb == 'G'), nil
	case 0:
		if f.prec < 0 {
			return reprFloat(x), nil
		}
		s := general(x, prec, f.alt, false)
		if !strings.ContainsAny(s, ".en") {
			s += ".0"
		}
		return s, nil
	}
	return "", raise(ValueError, "Unknown format code '%c' for object of type 'float'", f.verb)
}

func fixed(x float64, prec int, alt bool) string {
	if math.IsInf(x, 0) {
		return "inf"
	}
	if math.IsNaN(x) {
		return "nan"
	}
	s := strconv.FormatFloat(x, 'f', prec, 64)
	if alt && prec == 0 {
		s += "."
	}
	return s
}

// general is the g format: the shorter of fixed and exponent form.
func general(x float64, prec int, alt, upper bool) string {
	if math.IsInf(x, 0) || math.IsNaN(x) {
		return fixed(x, 0, false)
	}
	prec = max(prec, 1)
	e := strconv.FormatFloat(x, 'e', prec-1, 64)
	exp, _ := strconv.Atoi(e[strings.IndexByte(e, 'e')+1:])
	var s string
	if exp < -4 || exp >= prec {
		mant, tail, _ := strings.Cut(e, "e")
		s = trimZeros(mant, alt) + "e" + tail
	} else {
		s = trimZeros(strconv.FormatFloat(x, 'f', prec-1-exp, 64), alt)
	}
	if upper {
		s = strings.ToUpper(s)
	}
	return s
}

func trimZeros(s string, keep bool) string {
	if keep || strings.IndexByte(s, '.') < 0 {
		return s
	}
	return strings.TrimRight(strings.TrimRight(s, "0"), ".")
}
