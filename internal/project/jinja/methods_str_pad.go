package jinja

import (
	"strings"
	"unicode/utf8"
)

// strPad adds the methods that fill a text up to a width.
func strPad(t table) {
	for name, share := range map[string]func(pad, width int) int{
		"ljust":  func(int, int) int { return 0 },
		"rjust":  func(pad, _ int) int { return pad },
		"center": centerShare,
	} {
		t.def(name, "self width fillchar?", func(st *state, a values) (Value, error) {
			return padMethod(st, a, share)
		})
	}
	t.def("zfill", "self width", func(st *state, a values) (Value, error) {
		width, err := intArg(a[1], 0)
		s := selfText(a)
		pad := max(width-utf8.RuneCountInString(s), 0)
		if err == nil {
			err = st.bytes(len(s) + pad)
		}
		if err != nil {
			return nil, err
		}
		sign := ""
		if s != "" && (s[0] == '-' || s[0] == '+') {
			sign, s = s[:1], s[1:]
		}
		return Str(sign + strings.Repeat("0", pad) + s), nil
	})
	t.def("expandtabs", "self tabsize?", func(st *state, a values) (Value, error) {
		size, err := intArg(a[1], 8)
		if err == nil {
			err = st.bytes(strings.Count(selfText(a), "\t") * max(size, 0))
		}
		if err != nil {
			return nil, err
		}
		return likeSelf(a[0], expandTabs(selfText(a), size)), nil
	})
}

// centerShare is how much of the padding str.center puts on the left.
func centerShare(pad, width int) int { return pad/2 + pad&width&1 }

func padMethod(st *state, a values, share func(pad, width int) int) (Value, error) {
	width, err := intArg(a[1], 0)
	if err != nil {
		return nil, err
	}
	fill, given, err := givenText(a[2])
	if err != nil {
		return nil, err
	}
	if !given {
		fill = " "
	}
	if utf8.RuneCountInString(fill) != 1 {
		return nil, raise(TypeError, "The fill character must be exactly one character long")
	}
	s, err := st.pad(selfText(a), width, fill, share)
	return likeSelf(a[0], s), err
}

func (st *state) pad(s string, width int, fill string, share func(pad, width int) int) (string, error) {
	pad := width - utf8.RuneCountInString(s)
	if pad <= 0 {
		return s, nil
	}
	if pad > st.limits.Output {
		return "", st.bytes(-1)
	}
	left := share(pad, width)
	return strings.Repeat(fill, left) + s + strings.Repeat(fill, pad-left), nil
}

func expandTabs(s string, size int) string {
	var b strings.Builder
	column := 0
	for _, r := range s {
		switch {
		case r == '\t':
			if size > 0 {
				n := size - column%size
				b.WriteString(strings.Repeat(" ", n))
				column += n
			}
			continue
		case r == '\n' || r == '\r':
			column = -1
		}
		b.WriteRune(r)
		column++
	}
	return b.String()
}
