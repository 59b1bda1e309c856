package jinja

import (
	"math/rand/v2"
	"strings"
)

// filterTable makes Jinja2's builtin filters and dbt's own.
func filterTable() table {
	t := table{}
	textFilters(t)
	moreTextFilters(t)
	htmlFilters(t)
	numberFilters(t)
	sequenceFilters(t)
	groupFilters(t)
	mapFilters(t)
	t.def("default", "value default_value? boolean?", func(_ *state, a values) (Value, error) {
		if isUndefined(a[0]) || a[2] != nil && truth(a[2]) && !truth(a[0]) {
			if a[1] == nil {
				return Str(""), nil
			}
			return a[1], nil
		}
		return a[0], nil
	})
	t.alias("default", "d")
	t.def("attr", "obj name", func(st *state, a values) (Value, error) {
		name, err := st.str(a[1])
		if err != nil {
			return nil, err
		}
		if u, ok := a[0].(*Undefined); ok {
			return nil, u.err()
		}
		v, err := st.attribute(a[0], name)
		if v == nil && err == nil {
			v = &Undefined{Object: a[0], Name: name}
		}
		return v, err
	})
	nativeFilters(t)
	return t
}

// nativeFilters are dbt's; outside of native renders they change nothing.
func nativeFilters(t table) {
	for _, as := range []string{"text", "bool", "native", "number"} {
		t.def("as_"+as, "value", func(st *state, a values) (Value, error) {
			if st.native == nil {
				return a[0], nil
			}
			s, err := st.str(a[0])
			if as == "text" {
				return Str(s), err
			}
			return nativeText{Str(s), as}, err
		})
	}
	t.def("is_list", "value", func(_ *state, a values) (Value, error) {
		_, ok := a[0].(*List)
		return Bool(ok), nil
	})
}

// soft is the text of a value; Markup stays Markup.
func (st *state) soft(v Value) (self Value, s string, err error) {
	switch v.(type) {
	case Str, Markup:
		s, _ = textOf(v)
		return v, s, nil
	}
	s, err = st.str(v)
	return Str(s), s, err
}

func textFilters(t table) {
	for name, fn := range map[string]func(string) string{
		"upper": upperText, "lower": lowerText, "capitalize": capitalize, "title": titleFilter,
	} {
		t.def(name, "s", func(st *state, a values) (Value, error) {
			self, s, err := st.soft(a[0])
			return likeSelf(self, fn(s)), err
		})
	}
	t.def("string", "value", func(st *state, a values) (Value, error) {
		self, _, err := st.soft(a[0])
		return self, err
	})
	t.def("trim", "value chars?", func(st *state, a values) (Value, error) {
		self, _, err := st.soft(a[0])
		if err != nil {
			return nil, err
		}
		return stripper(true, true)(st, values{self, a[1]})
	})
	t.def("replace", "s old new count?", replaceFilter)
	t.def("center", "value width?", func(st *state, a values) (Value, error) {
		width, err := intArg(a[1], 80)
		if err != nil {
			return nil, err
		}
		self, s, err := st.soft(a[0])
		if err != nil {
			return nil, err
		}
		s, err = st.pad(s, width, " ", centerShare)
		return likeSelf(self, s), err
	})
	t.raw("format", formatFilter)
	t.def("random", "seq", randomFilter)
}

func replaceFilter(st *state, a values) (Value, error) {
	var text [3]string
	for i := range text {
		var err error
		if text[i], err = st.str(a[i]); err != nil {
			return nil, err
		}
	}
	n, err := intArg(a[3], -1)
	if err != nil {
		return nil, err
	}
	s, err := st.replace(text[0], text[1], text[2], n)
	return Str(s), err
}

func formatFilter(c *Call) (Value, error) {
	if len(c.Args) > 1 && len(c.Kwargs) > 0 {
		return nil, raise(TypeError, "can't handle positional and keyword arguments at the same time")
	}
	self, s, err := c.st.soft(c.Args[0])
	if err != nil {
		return nil, err
	}
	args := Value(NewTuple(c.Args[1:]...))
	if len(c.Kwargs) > 0 {
		d := NewDict()
		if err := fillDict(c, d, nil); err != nil {
			return nil, err
		}
		args = d
	}
	return c.st.percentValue(self, s, args)
}

func randomFilter(_ *state, a values) (Value, error) {
	n, ok := lengthOf(a[0])
	if !ok {
		return nil, raise(TypeError, "object of type %s has no len()", reprStr(a[0].Type()))
	}
	if n == 0 {
		return &Undefined{Hint: "No random item, sequence was empty."}, nil
	}
	return index(a[0], int64(rand.IntN(n))), nil
}

// titleFilter capitalizes words as Jinja2 does: they begin after whitespace and
// any of - ( { [ <.
func titleFilter(s string) string {
	var b strings.Builder
	start := true
	for _, r := range s {
		switch {
		case isSpace(r) || strings.ContainsRune("-({[<", r):
			start = true
			b.WriteRune(r)
		case start:
			start = false
			b.WriteString(upperText(string(r)))
		default:
			b.WriteString(strings.ToLower(string(r)))
		}
	}
	return b.String()
}
