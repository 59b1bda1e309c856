package jinja

import (
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
