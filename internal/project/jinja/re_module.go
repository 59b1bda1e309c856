package jinja

import (
	"regexp"
	"strings"
)

// patternTable makes the methods of a compiled pattern; modules.re offers the
// same with the pattern as the first argument.
func patternTable() table {
	t := table{}
	for name, anchor := range map[string]int{"search": 0, "match": 1, "fullmatch": 2} {
		t.def(name, "pattern string flags?", func(_ *state, a values) (Value, error) { return matchOnce(a, anchor) })
	}
	t.def("findall", "pattern string flags?", func(st *state, a values) (Value, error) {
		return eachMatch(st, a, func(m *Match) Value {
			if len(m.at) == 2 {
				return m.group(0, None)
			}
			out := NewTuple()
			for n := 1; n < len(m.at)/2; n++ {
				out.Items = append(out.Items, m.group(n, Str("")))
			}
			if len(out.Items) == 1 {
				return out.Items[0]
			}
			return out
		})
	})
	t.def("finditer", "pattern string flags?", func(st *state, a values) (Value, error) {
		l, err := eachMatch(st, a, func(m *Match) Value { return m })
		if err != nil {
			return nil, err
		}
		return &Iterator{"callable_iterator", &listIter{l: l.(*List)}}, nil
	})
	t.raw("sub", func(c *Call) (Value, error) { return subBuiltin(c, false) })
	t.raw("subn", func(c *Call) (Value, error) { return subBuiltin(c, true) })
	t.def("split", "pattern string maxsplit? flags?", splitRe)
	return t
}

// reModule is modules.re.
func reModule() *Dict {
	d := NewDict()
	for name, b := range patternTable() {
		_ = d.Set(Str(name), b) // a str is hashable, here and below
	}
	t := table{}
	t.def("compile", "pattern flags?", func(_ *state, a values) (Value, error) {
		p, err := compilePattern(a[0], a[1])
		if err != nil {
			return nil, err
		}
		return p, nil
	})
	t.def("escape", "pattern", func(_ *state, a values) (Value, error) {
		s, err := textArg(a[0])
		return Str(escapePattern(s)), err
	})
	for name, b := range t {
		_ = d.Set(Str(name), b)
	}
	for name, bit := range map[string]Int{"I": reIgnoreCase, "IGNORECASE": reIgnoreCase, "M": reMultiline, "MULTILINE": reMultiline,
		"S": reDotAll, "DOTALL": reDotAll, "X": reVerbose, "VERBOSE": reVerbose, "A": 0, "ASCII": 0, "U": 0, "UNICODE": 0} {
		_ = d.Set(Str(name), bit)
	}
	return d
}

func escapePattern(s string) string {
	var b strings.Builder
	for _, r := range s {
		if strings.ContainsRune("()[]{}?*+-|^$\\.&~# \t\n\r\v\f", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// matchOnce searches: anywhere (0), at the start (1) or the whole text (2).
func matchOnce(a values, anchor int) (Value, error) {
	p, err := compilePattern(a[0], a[2])
	if err != nil {
		return nil, err
	}
	text, err := textArg(a[1])
	if err != nil {
		return nil, err
	}
	re := p.re
	if anchor > 0 {
		src := `\A(?:` + re.String() + `)`
		if anchor == 2 {
			src += `\z`
		}
		if re, err = regexp.Compile(src); err != nil {
			return nil, raise(ValueError, "%s", err)
		}
	}
	at := re.FindStringSubmatchIndex(text)
	if at == nil {
		return None, nil
	}
	return &Match{p, text, at}, nil
}

func eachMatch(st *state, a values, fn func(m *Match) Value) (Value, error) {
	p, err := compilePattern(a[0], a[2])
	if err != nil {
		return nil, err
	}
	text, err := textArg(a[1])
	if err != nil {
		return nil, err
	}
	l := NewList()
	for _, at := range p.re.FindAllStringSubmatchIndex(text, st.limits.Items+1) {
		l.Items = append(l.Items, fn(&Match{p, text, at}))
	}
	return l, st.items(len(l.Items))
}
