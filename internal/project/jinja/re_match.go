package jinja

import "unicode/utf8"

func matchTable() table {
	t := table{}
	t.raw("group", matchGroup)
	t.def("groups", "self default?", matchGroups)
	t.def("groupdict", "self default?", matchGroupDict)
	for name, pick := range map[string]int{"start": 0, "end": 1, "span": 2} {
		t.def(name, "self group?", func(_ *state, a values) (Value, error) {
			m := a[0].(*Match)
			n := 0
			if a[1] != nil {
				var err error
				if n, err = m.number(a[1]); err != nil {
					return nil, err
				}
			}
			if span := m.span(n); pick < 2 {
				return span.Items[pick], nil
			}
			return m.span(n), nil
		})
	}
	return t
}

func matchGroup(c *Call) (Value, error) {
	m := c.Args[0].(*Match)
	if len(c.Args) == 1 {
		return m.group(0, None), nil
	}
	out := NewTuple()
	for _, a := range c.Args[1:] {
		n, err := m.number(a)
		if err != nil {
			return nil, err
		}
		out.Items = append(out.Items, m.group(n, None))
	}
	if len(out.Items) == 1 {
		return out.Items[0], nil
	}
	return out, nil
}

func matchGroups(_ *state, a values) (Value, error) {
	m, out := a[0].(*Match), NewTuple()
	for n := 1; n < len(m.at)/2; n++ {
		out.Items = append(out.Items, m.group(n, orNone(a[1])))
	}
	return out, nil
}

func matchGroupDict(_ *state, a values) (Value, error) {
	m, d := a[0].(*Match), NewDict()
	for n, name := range m.p.re.SubexpNames() {
		if name != "" {
			_ = d.Set(Str(name), m.group(n, orNone(a[1]))) // a str is hashable
		}
	}
	return d, nil
}

// number finds a group by number or name.
func (m *Match) number(v Value) (int, error) {
	if name, ok := textOf(v); ok {
		if n := m.p.re.SubexpIndex(name); n >= 0 {
			return n, nil
		}
	} else if n, ok := smallInt(v); ok && n >= 0 && n < int64(len(m.at)/2) {
		return int(n), nil
	}
	return 0, raise(ValueError, "no such group")
}

func (m *Match) group(n int, otherwise Value) Value {
	if m.at[2*n] < 0 {
		return otherwise
	}
	return Str(m.text[m.at[2*n]:m.at[2*n+1]])
}

func (m *Match) span(n int) *Tuple {
	lo, hi := m.at[2*n], m.at[2*n+1]
	if lo < 0 {
		return NewTuple(Int(-1), Int(-1))
	}
	return NewTuple(Int(utf8.RuneCountInString(m.text[:lo])), Int(utf8.RuneCountInString(m.text[:hi])))
}

// Item is m[1] or m['name'].
func (m *Match) Item(key Value) (Value, bool) {
	n, err := m.number(key)
	if err != nil {
		return nil, false
	}
	return m.group(n, None), true
}

// Attr gives string, re, lastindex and the like.
func (m *Match) Attr(name string) (Value, bool) {
	switch name {
	case "string":
		return Str(m.text), true
	case "re":
		return m.p, true
	case "pos":
		return Int(0), true
	}
	return nil, false
}
