package jinja

import (
	"strings"
	"unicode/utf8"
)

// strSearch adds the methods that look for a part of the text.
func strSearch(t table) {
	t.def("find", "self sub start? end?", searcher(strings.Index, false))
	t.def("rfind", "self sub start? end?", searcher(strings.LastIndex, false))
	t.def("index", "self sub start? end?", searcher(strings.Index, true))
	t.def("rindex", "self sub start? end?", searcher(strings.LastIndex, true))
	t.def("count", "self sub start? end?", func(_ *state, a values) (Value, error) {
		sub, err := textArg(a[1])
		if err != nil {
			return nil, err
		}
		part, _, err := window(selfText(a), a[2], a[3])
		return Int(strings.Count(part, sub)), err
	})
	t.def("startswith", "self prefix start? end?", affix(strings.HasPrefix))
	t.def("endswith", "self suffix start? end?", affix(strings.HasSuffix))
	t.def("replace", "self old new count?", func(st *state, a values) (Value, error) {
		old, err := textArg(a[1])
		if err != nil {
			return nil, err
		}
		repl, err := textArg(a[2])
		if err != nil {
			return nil, err
		}
		n, err := intArg(a[3], -1)
		if err != nil {
			return nil, err
		}
		s, err := st.replace(selfText(a), old, repl, n)
		return likeSelf(a[0], s), err
	})
}

// replace is str.replace within the bounds of the render.
func (st *state) replace(s, old, repl string, n int) (string, error) {
	st.charge(len(s))
	times := strings.Count(s, old)
	if n >= 0 {
		times = min(times, n)
	}
	if grow := len(repl) - len(old); grow > 0 && times > (st.limits.Output-len(s))/grow {
		return "", st.bytes(-1)
	}
	return strings.Replace(s, old, repl, n), nil
}

// window cuts s at optional code point indices; from is the index of its start.
func window(s string, lo, hi Value) (part string, from int, err error) {
	if (lo == nil || lo == None) && (hi == nil || hi == None) {
		return s, 0, nil
	}
	runes := []rune(s)
	cut := sliceValue{orNone(lo), orNone(hi), None}
	from, to, _, err := cut.bounds(len(runes))
	if err != nil || from > to {
		return "", from, err
	}
	return string(runes[from:to]), from, nil
}

func searcher(find func(s, sub string) int, must bool) func(*state, values) (Value, error) {
	return func(_ *state, a values) (Value, error) {
		sub, err := textArg(a[1])
		if err != nil {
			return nil, err
		}
		part, from, err := window(selfText(a), a[2], a[3])
		if err != nil {
			return nil, err
		}
		i := find(part, sub)
		if i < 0 {
			if must {
				return nil, raise(ValueError, "substring not found")
			}
			return Int(-1), nil
		}
		return Int(from + utf8.RuneCountInString(part[:i])), nil
	}
}

// affix takes one text or a tuple of texts.
func affix(has func(s, part string) bool) func(*state, values) (Value, error) {
	return func(_ *state, a values) (Value, error) {
		part, _, err := window(selfText(a), a[2], a[3])
		if err != nil {
			return nil, err
		}
		options := []Value{a[1]}
		if t, ok := a[1].(*Tuple); ok {
			options = t.Items
		}
		for _, o := range options {
			text, err := textArg(o)
			if err != nil {
				return nil, err
			}
			if has(part, text) {
				return Bool(true), nil
			}
		}
		return Bool(false), nil
	}
}
