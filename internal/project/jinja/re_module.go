package jinja

import (
	"regexp"
	"strconv"
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

var subParams = func() *builtin {
	t := table{}
	t.def("sub", "pattern repl string count? flags?", nil)
	return t["sub"]
}()

// subBuiltin is re.sub and re.subn.
func subBuiltin(c *Call, counted bool) (Value, error) {
	bind := *subParams
	var out Value
	bind.fn = func(st *state, a values) (Value, error) {
		p, err := compilePattern(a[0], a[4])
		if err != nil {
			return nil, err
		}
		text, err := textArg(a[2])
		if err != nil {
			return nil, err
		}
		n, err := intArg(a[3], 0)
		if err != nil {
			return nil, err
		}
		s, times, err := p.substitute(c, a[1], text, n)
		out = Str(s)
		if counted {
			out = NewTuple(out, Int(times))
		}
		return out, err
	}
	return bind.Call(c)
}

func (p *Pattern) substitute(c *Call, repl Value, text string, n int) (string, int, error) {
	if n <= 0 {
		n = -1
	}
	var out []byte
	last, times := 0, 0
	for _, at := range p.re.FindAllStringSubmatchIndex(text, n) {
		m := &Match{p, text, at}
		s, err := m.replacement(c, repl)
		if err == nil {
			err = c.st.bytes(len(out) + len(s) + at[0] - last)
		}
		if err != nil {
			return "", 0, err
		}
		out = append(append(out, text[last:at[0]]...), s...)
		last = at[1]
		times++
	}
	return string(out) + text[last:], times, nil
}

// replacement expands \1, \g<name> and escapes, or calls a function.
func (m *Match) replacement(c *Call, repl Value) (string, error) {
	s, ok := textOf(repl)
	if !ok {
		v, err := c.Invoke(repl, []Value{m}, nil)
		if err != nil {
			return "", err
		}
		return textArg(v)
	}
	if strings.IndexByte(s, '\\') < 0 {
		return s, nil
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		name := ""
		switch {
		case isDigit(s[i]):
			name = s[i : i+1]
			if i+1 < len(s) && isDigit(s[i+1]) {
				i++
				name += s[i : i+1]
			}
		case strings.HasPrefix(s[i:], "g<"):
			end := strings.IndexByte(s[i:], '>')
			if end < 0 {
				return "", raise(ValueError, "missing >, unterminated name")
			}
			name = s[i+2 : i+end]
			i += end
		default:
			text, _ := unescape(s[i-1 : i+1])
			b.WriteString(text)
			continue
		}
		key := Value(Str(name))
		if n, err := strconv.Atoi(name); err == nil {
			key = Int(n)
		}
		n, err := m.number(key)
		if err != nil {
			return "", raise(ValueError, "invalid group reference %s", name)
		}
		text, _ := textOf(m.group(n, Str("")))
		b.WriteString(text)
	}
	return b.String(), nil
}

func splitRe(_ *state, a values) (Value, error) {
	p, err := compilePattern(a[0], a[3])
	if err != nil {
		return nil, err
	}
	text, err := textArg(a[1])
	if err != nil {
		return nil, err
	}
	n, err := intArg(a[2], 0)
	if err != nil {
		return nil, err
	}
	if n <= 0 {
		n = -1
	}
	l, last := NewList(), 0
	for _, at := range p.re.FindAllStringSubmatchIndex(text, n) {
		m := &Match{p, text, at}
		l.Items = append(l.Items, Str(text[last:at[0]]))
		for g := 1; g < len(at)/2; g++ {
			l.Items = append(l.Items, m.group(g, None))
		}
		last = at[1]
	}
	l.Items = append(l.Items, Str(text[last:]))
	return l, nil
}
