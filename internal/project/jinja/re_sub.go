package jinja

import (
	"strconv"
	"strings"
)

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
		text, n, err := m.escape(s[i:])
		if err != nil {
			return "", err
		}
		b.WriteString(text)
		i += n - 1
	}
	return b.String(), nil
}

// escape expands the escape that s begins with, and gives its length.
func (m *Match) escape(s string) (text string, n int, err error) {
	name := ""
	switch {
	case isDigit(s[1]):
		n = 2
		if len(s) > 2 && isDigit(s[2]) {
			n = 3
		}
		name = s[1:n]
	case strings.HasPrefix(s, `\g<`):
		end := strings.IndexByte(s, '>')
		if end < 0 {
			return "", 0, raise(ValueError, "missing >, unterminated name")
		}
		name, n = s[3:end], end+1
	default:
		text, _ = unescape(s[:2])
		return text, 2, nil
	}
	key := Value(Str(name))
	if i, err := strconv.Atoi(name); err == nil {
		key = Int(i)
	}
	group, err := m.number(key)
	if err != nil {
		return "", 0, raise(ValueError, "invalid group reference %s", name)
	}
	text, _ = textOf(m.group(group, Str("")))
	return text, n, nil
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
