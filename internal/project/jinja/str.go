package jinja

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// String is Python's str(v). It fails for values nested too deep.
func String(v Value) (string, error) {
	p := printer{limit: defaultOutput}
	if err := p.str(v); err != nil {
		return "", err
	}
	return string(p.buf), nil
}

// Repr is Python's repr(v).
func Repr(v Value) (string, error) {
	p := printer{limit: defaultOutput}
	if err := p.repr(v); err != nil {
		return "", err
	}
	return string(p.buf), nil
}

func mustRepr(v Value) string {
	s, err := Repr(v)
	if err != nil {
		return "<" + v.Type() + ">"
	}
	return s
}

func (st *state) str(v Value) (string, error) {
	switch v := v.(type) {
	case Str:
		return string(v), nil
	case Markup:
		return string(v), nil
	case Int:
		return strconv.FormatInt(int64(v), 10), nil
	}
	p := printer{limit: st.limits.Output}
	if err := p.str(v); err != nil {
		return "", err
	}
	return string(p.buf), nil
}

// printer writes values as Python prints them.
type printer struct {
	buf   []byte
	limit int
	open  []Value // containers being printed, to notice cycles
}

// maxPrintDepth is about Python's own recursion limit for nested containers.
const maxPrintDepth = 300

func (p *printer) str(v Value) error {
	switch v := v.(type) {
	case Str:
		return p.add(string(v))
	case Markup:
		return p.add(string(v))
	case nativeText:
		return p.add(string(v.Str))
	case *Undefined:
		return nil
	case *List, *Tuple, *Dict, *Set, *dictView, *Namespace, *group:
		return p.repr(v)
	case Stringer:
		return p.add(v.String())
	}
	return p.repr(v)
}

func (p *printer) add(s string) error {
	p.buf = append(p.buf, s...)
	if len(p.buf) > p.limit {
		return limitError("bytes", p.limit, "the text made by this template", "Limits.Output")
	}
	return nil
}

func (p *printer) repr(v Value) error {
	switch v := v.(type) {
	case Str:
		return p.add(reprStr(string(v)))
	case Markup:
		return p.add("Markup(" + reprStr(string(v)) + ")")
	case noneType:
		return p.add("None")
	case Bool:
		if v {
			return p.add("True")
		}
		return p.add("False")
	case Int:
		return p.add(strconv.FormatInt(int64(v), 10))
	case *BigInt:
		return p.add(v.V.String())
	case Float:
		return p.add(reprFloat(float64(v)))
	case *Undefined:
		return p.add("Undefined")
	case *Range:
		s := "range(" + strconv.FormatInt(v.Start, 10) + ", " + strconv.FormatInt(v.Stop, 10)
		if v.Step != 1 {
			s += ", " + strconv.FormatInt(v.Step, 10)
		}
		return p.add(s + ")")
	case Reprer:
		return p.add(v.Repr())
	case *List, *Tuple, *Dict, *Set, *dictView, *Namespace, *group:
		return p.container(v)
	case Stringer:
		return p.add(v.String())
	}
	return p.add("<" + v.Type() + " object>")
}

// reprStr is Python's repr of a str.
func reprStr(s string) string {
	quote := byte('\'')
	if strings.IndexByte(s, '\'') >= 0 && strings.IndexByte(s, '"') < 0 {
		quote = '"'
	}
	b := make([]byte, 0, len(s)+2)
	b = append(b, quote)
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c < 0x7f {
			if c == quote || c == '\\' {
				b = append(b, '\\')
			}
			b = append(b, c)
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		b = appendEscaped(b, r, s[i:i+n])
		i += n
	}
	return string(append(b, quote))
}

func appendEscaped(b []byte, r rune, raw string) []byte {
	const hex = "0123456789abcdef"
	switch {
	case r == '\n':
		return append(b, `\n`...)
	case r == '\r':
		return append(b, `\r`...)
	case r == '\t':
		return append(b, `\t`...)
	case r >= 0x7f && unicode.IsPrint(r) && !(r == utf8.RuneError && len(raw) == 1):
		return append(b, raw...)
	case r < 0x100:
		return append(b, '\\', 'x', hex[r>>4], hex[r&15])
	case r < 0x10000:
		return append(b, '\\', 'u', hex[r>>12], hex[r>>8&15], hex[r>>4&15], hex[r&15])
	}
	b = append(b, `\U`...)
	for shift := 28; shift >= 0; shift -= 4 {
		b = append(b, hex[r>>shift&15])
	}
	return b
}
