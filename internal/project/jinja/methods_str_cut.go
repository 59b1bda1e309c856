package jinja

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// strCut adds the methods that split, join and strip.
func strCut(t table) {
	t.def("split", "self sep? maxsplit?", func(st *state, a values) (Value, error) { return splitStr(a, false) })
	t.def("rsplit", "self sep? maxsplit?", func(st *state, a values) (Value, error) { return splitStr(a, true) })
	t.def("splitlines", "self keepends?", func(_ *state, a values) (Value, error) {
		return strList(a[0], splitLines(selfText(a), a[1] != nil && truth(a[1]))), nil
	})
	t.def("strip", "self chars?", stripper(true, true))
	t.def("lstrip", "self chars?", stripper(true, false))
	t.def("rstrip", "self chars?", stripper(false, true))
	t.def("removeprefix", "self prefix", cutAffix(strings.TrimPrefix))
	t.def("removesuffix", "self suffix", cutAffix(strings.TrimSuffix))
	t.def("partition", "self sep", partition(strings.Index, false))
	t.def("rpartition", "self sep", partition(strings.LastIndex, true))
	t.def("join", "self items", func(st *state, a values) (Value, error) {
		items, err := st.collect(a[1])
		if err != nil {
			return nil, err
		}
		return st.joinStrs(a[0], items)
	})
}

func (st *state) joinStrs(sep Value, items []Value) (Value, error) {
	s := selfText(values{sep})
	_, markup := sep.(Markup)
	size := 0
	parts := make([]string, len(items))
	for i, item := range items {
		text, ok := textOf(item)
		if !ok {
			return nil, raise(TypeError, "sequence item %d: expected str instance, %s found", i, item.Type())
		}
		if _, safe := item.(Markup); markup && !safe {
			text = escapeHTML(text)
		}
		parts[i] = text
		size += len(text) + len(s)
	}
	if err := st.bytes(size); err != nil {
		return nil, err
	}
	return likeSelf(sep, strings.Join(parts, s)), nil
}

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

func stripper(left, right bool) func(*state, values) (Value, error) {
	return func(_ *state, a values) (Value, error) {
		chars, given, err := givenText(a[1])
		if err != nil {
			return nil, err
		}
		cut := isSpace
		if given {
			cut = func(r rune) bool { return strings.ContainsRune(chars, r) }
		}
		s := selfText(a)
		if left {
			s = strings.TrimLeftFunc(s, cut)
		}
		if right {
			s = strings.TrimRightFunc(s, cut)
		}
		return likeSelf(a[0], s), nil
	}
}

func cutAffix(cut func(s, part string) string) func(*state, values) (Value, error) {
	return func(_ *state, a values) (Value, error) {
		part, err := textArg(a[1])
		return likeSelf(a[0], cut(selfText(a), part)), err
	}
}

func partition(find func(s, sep string) int, last bool) func(*state, values) (Value, error) {
	return func(_ *state, a values) (Value, error) {
		sep, err := textArg(a[1])
		if err != nil {
			return nil, err
		}
		if sep == "" {
			return nil, raise(ValueError, "empty separator")
		}
		s := selfText(a)
		i := find(s, sep)
		switch {
		case i >= 0:
			return NewTuple(likeSelf(a[0], s[:i]), likeSelf(a[0], sep), likeSelf(a[0], s[i+len(sep):])), nil
		case last:
			return NewTuple(Str(""), Str(""), a[0]), nil
		}
		return NewTuple(a[0], Str(""), Str("")), nil
	}
}
