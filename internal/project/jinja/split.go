package jinja

import (
	"slices"
	"strings"
	"unicode/utf8"
)

func strList(self Value, parts []string) *List {
	l := &List{Items: make([]Value, len(parts))}
	for i, p := range parts {
		l.Items[i] = likeSelf(self, p)
	}
	return l
}

func splitStr(a values, fromRight bool) (Value, error) {
	sep, given, err := givenText(a[1])
	if err != nil {
		return nil, err
	}
	n, err := intArg(a[2], -1)
	if err != nil {
		return nil, err
	}
	s := selfText(a)
	switch {
	case !given:
		return strList(a[0], splitSpace(s, n, fromRight)), nil
	case sep == "":
		return nil, raise(ValueError, "empty separator")
	case n < 0:
		return strList(a[0], strings.Split(s, sep)), nil
	case !fromRight:
		return strList(a[0], strings.SplitN(s, sep, n+1)), nil
	}
	var parts []string
	for ; n > 0; n-- {
		i := strings.LastIndex(s, sep)
		if i < 0 {
			break
		}
		parts = append(parts, s[i+len(sep):])
		s = s[:i]
	}
	parts = append(parts, s)
	slices.Reverse(parts)
	return strList(a[0], parts), nil
}

// splitSpace splits at runs of whitespace, at most n times.
func splitSpace(s string, n int, fromRight bool) []string {
	var parts []string
	if n < 0 {
		return strings.FieldsFunc(s, isSpace)
	}
	if fromRight {
		for s = strings.TrimRightFunc(s, isSpace); s != "" && n > 0; n-- {
			i := strings.LastIndexFunc(s, isSpace)
			if i < 0 {
				break
			}
			_, w := utf8.DecodeRuneInString(s[i:])
			parts = append(parts, s[i+w:])
			s = strings.TrimRightFunc(s[:i], isSpace)
		}
		if s != "" {
			parts = append(parts, s)
		}
		slices.Reverse(parts)
		return parts
	}
	for s = strings.TrimLeftFunc(s, isSpace); s != "" && n > 0; n-- {
		i := strings.IndexFunc(s, isSpace)
		if i < 0 {
			break
		}
		parts = append(parts, s[:i])
		s = strings.TrimLeftFunc(s[i:], isSpace)
	}
	if s != "" {
		parts = append(parts, s)
	}
	return parts
}

// splitLines is str.splitlines.
func splitLines(s string, keep bool) []string {
	var lines []string
	for s != "" {
		i := strings.IndexAny(s, "\n\r\v\f\x1c\x1d\x1e\u0085\u2028\u2029")
		if i < 0 {
			return append(lines, s)
		}
		_, n := utf8.DecodeRuneInString(s[i:])
		if strings.HasPrefix(s[i:], "\r\n") {
			n = 2
		}
		if keep {
			lines = append(lines, s[:i+n])
		} else {
			lines = append(lines, s[:i])
		}
		s = s[i+n:]
	}
	return lines
}
