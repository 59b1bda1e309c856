package jinja

import (
	"strings"
	"unicode/utf8"
)

func moreTextFilters(t table) {
	t.def("indent", "s width? first? blank?", indentFilter)
	t.def("truncate", "s length? killwords? end? leeway?", truncateFilter)
	t.def("wordcount", "s", func(st *state, a values) (Value, error) {
		s, err := st.str(a[0])
		n := len(strings.FieldsFunc(s, func(r rune) bool { return !isWordRune(r) }))
		return Int(n), err
	})
	t.def("wordwrap", "s width? break_long_words? wrapstring? break_on_hyphens?", wordwrapFilter)
	t.def("pprint", "value", func(st *state, a values) (Value, error) {
		s, err := pprint(a[0])
		return Str(s), err
	})
}

func indentFilter(st *state, a values) (Value, error) {
	s, err := textArg(a[0])
	if err != nil {
		return nil, err
	}
	pad, given := textOf(orNone(a[1]))
	if !given {
		n, err := intArg(a[1], 4)
		if err == nil {
			err = st.bytes(n)
		}
		if err != nil {
			return nil, err
		}
		pad = strings.Repeat(" ", max(n, 0))
	}
	first := a[2] != nil && truth(a[2])
	blank := a[3] != nil && truth(a[3])
	if _, ok := a[0].(Markup); ok {
		pad = escapeIfPlain(a[1], pad)
	}
	lines := splitLines(s+"\n", false)
	if err := st.bytes(len(s) + len(lines)*len(pad)); err != nil {
		return nil, err
	}
	for i, line := range lines {
		if i > 0 && (line != "" || blank) || i == 0 && first {
			lines[i] = pad + line
		}
	}
	return likeSelf(a[0], strings.Join(lines, "\n")), nil
}

// escapeIfPlain escapes text that is to be joined to Markup.
func escapeIfPlain(v Value, s string) string {
	if _, ok := v.(Markup); ok {
		return s
	}
	return escapeHTML(s)
}

func truncateFilter(_ *state, a values) (Value, error) {
	s, err := textArg(a[0])
	if err != nil {
		return nil, err
	}
	length, err := intArg(a[1], 255)
	if err != nil {
		return nil, err
	}
	end, given, err := givenText(a[3])
	if err != nil {
		return nil, err
	}
	if !given {
		end = "..."
	}
	leeway, err := intArg(a[4], 5)
	if err != nil {
		return nil, err
	}
	endLen := utf8.RuneCountInString(end)
	if length < endLen {
		return nil, raise(ValueError, "expected length >= %d, got %d", endLen, length)
	}
	if leeway < 0 {
		return nil, raise(ValueError, "expected leeway >= 0, got %d", leeway)
	}
	runes := []rune(s)
	if len(runes) <= length+leeway {
		return a[0], nil
	}
	cut := string(runes[:length-endLen])
	if a[2] == nil || !truth(a[2]) {
		if i := strings.LastIndexByte(cut, ' '); i >= 0 {
			cut = cut[:i]
		}
	}
	return likeSelf(a[0], cut+end), nil
}

func wordwrapFilter(_ *state, a values) (Value, error) {
	s, err := textArg(a[0])
	if err != nil {
		return nil, err
	}
	width, err := intArg(a[1], 79)
	if err != nil {
		return nil, err
	}
	if width <= 0 {
		return nil, raise(ValueError, "invalid width %d (must be > 0)", width)
	}
	sep, given, err := givenText(a[3])
	if err != nil {
		return nil, err
	}
	if !given {
		sep = "\n"
	}
	w := wrapper{width: width, breakLong: a[2] == nil || truth(a[2]), hyphens: a[4] == nil || truth(a[4])}
	var out []string
	for _, line := range splitLines(s, false) {
		out = append(out, strings.Join(w.wrap(line), sep))
	}
	return Str(strings.Join(out, sep)), nil
}
