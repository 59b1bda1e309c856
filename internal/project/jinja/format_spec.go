package jinja

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"
)

// formatSpec is Python's [[fill]align][sign][z][#][0][width][grouping][.precision][type].
type formatSpec struct {
	fill     string
	align    byte // 0 when not given
	sign     byte
	alt      bool
	width    int
	grouping byte
	prec     int // -1 when not given
	verb     byte
}

// maxWidth bounds widths and precisions.
const maxWidth = 1 << 16

func parseSpec(s string) (formatSpec, error) {
	f := formatSpec{fill: " ", prec: -1, sign: '-'}
	rest := s
	if _, n := utf8.DecodeRuneInString(rest); n > 0 && n < len(rest) && strings.IndexByte("<>=^", rest[n]) >= 0 {
		f.fill, f.align, rest = rest[:n], rest[n], rest[n+1:]
	} else if rest != "" && strings.IndexByte("<>=^", rest[0]) >= 0 {
		f.align, rest = rest[0], rest[1:]
	}
	if rest != "" && strings.IndexByte("+- ", rest[0]) >= 0 {
		f.sign, rest = rest[0], rest[1:]
	}
	if strings.HasPrefix(rest, "#") {
		f.alt, rest = true, rest[1:]
	}
	if strings.HasPrefix(rest, "0") {
		if f.align == 0 {
			f.fill, f.align = "0", '='
		}
		rest = rest[1:]
	}
	var err error
	if f.width, rest, err = leadingInt(rest, 0); err != nil {
		return f, err
	}
	if rest != "" && (rest[0] == ',' || rest[0] == '_') {
		f.grouping, rest = rest[0], rest[1:]
	}
	if strings.HasPrefix(rest, ".") {
		if f.prec, rest, err = leadingInt(rest[1:], -1); err != nil {
			return f, err
		}
		if f.prec < 0 {
			return f, raise(ValueError, "Format specifier missing precision")
		}
	}
	if len(rest) > 1 {
		return f, raise(ValueError, "Invalid format specifier %s", reprStr(s))
	}
	if rest != "" {
		f.verb = rest[0]
	}
	return f, nil
}

func leadingInt(s string, otherwise int) (int, string, error) {
	i := 0
	for i < len(s) && isDigit(s[i]) {
		i++
	}
	if i == 0 {
		return otherwise, s, nil
	}
	n, err := strconv.Atoi(s[:i])
	if err != nil || n > maxWidth {
		return 0, "", raise(ValueError, "width or precision is larger than %d", maxWidth)
	}
	return n, s[i:], nil
}

// formatValue is Python's format(v, spec).
func (st *state) formatValue(v Value, spec string) (string, error) {
	if spec == "" {
		return st.str(v)
	}
	if d, ok := v.(strftimer); ok {
		return d.strftime(spec)
	}
	f, err := parseSpec(spec)
	if err != nil {
		return "", err
	}
	if s, ok := textOf(v); ok {
		return f.text(s)
	}
	if isInt(v) && strings.IndexByte("eEfFgG%", f.verb) < 0 || isInt(v) && f.verb == 0 {
		return f.integer(bigOf(v))
	}
	if isNumber(v) {
		x, err := toFloat(v)
		if err != nil {
			return "", err
		}
		return f.float(x)
	}
	return "", raise(TypeError, "unsupported format string passed to %s.__format__", v.Type())
}

func (f *formatSpec) text(s string) (string, error) {
	if f.verb != 0 && f.verb != 's' {
		return "", raise(ValueError, "Unknown format code '%c' for object of type 'str'", f.verb)
	}
	if f.align == '=' {
		if f.fill != "0" {
			return "", raise(ValueError, "'=' alignment not allowed in string format specifier")
		}
		f.align = '<'
	}
	if f.prec >= 0 && utf8.RuneCountInString(s) > f.prec {
		s = string([]rune(s)[:f.prec])
	}
	return f.fit("", s, '<'), nil
}

// fit pads a text made of a sign or prefix and a body to the width.
func (f *formatSpec) fit(prefix, body string, align byte) string {
	if f.align != 0 {
		align = f.align
	}
	pad := f.width - utf8.RuneCountInString(prefix) - utf8.RuneCountInString(body)
	if pad <= 0 {
		return prefix + body
	}
	fill := func(n int) string { return strings.Repeat(f.fill, n) }
	switch align {
	case '<':
		return prefix + body + fill(pad)
	case '^':
		return fill(pad/2) + prefix + body + fill(pad-pad/2)
	case '=':
		return prefix + fill(pad) + body
	}
	return fill(pad) + prefix + body
}

func (f *formatSpec) signOf(negative bool) string {
	switch {
	case negative:
		return "-"
	case f.sign == '-':
		return ""
	}
	return string(f.sign)
}

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
