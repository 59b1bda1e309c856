package jinja

import "strings"

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
