package jinja

import (
	"strings"
)

// testTable makes Jinja2's builtin tests.

func testTable() table {
	t := table{}
	flag := func(name string, is func(v Value) bool) {
		t.def(name, "value", func(_ *state, a values) (Value, error) { return Bool(is(a[0])), nil })
	}
	flag("defined", func(v Value) bool { return !isUndefined(v) })
	flag("undefined", isUndefined)
	flag("none", func(v Value) bool { return v == None })
	flag("boolean", func(v Value) bool { _, ok := v.(Bool); return ok })
	flag("true", func(v Value) bool { return v == Bool(true) })
	flag("false", func(v Value) bool { return v == Bool(false) })
	flag("integer", func(v Value) bool { _, b := v.(Bool); return isInt(v) && !b })
	flag("float", func(v Value) bool { _, ok := v.(Float); return ok })
	flag("number", isNumber)
	flag("string", func(v Value) bool { _, ok := textOf(v); return ok })
	flag("escaped", func(v Value) bool { _, ok := v.(Markup); return ok })
	flag("mapping", isMapping)
	flag("sequence", isSequence)
	flag("iterable", func(v Value) bool { _, err := iterate(v); return err == nil })
	flag("callable", isCallable)
	t.def("filter", "value", func(st *state, a values) (Value, error) { return hasName(st.lib.filters, a[0]) })
	t.def("test", "value", func(st *state, a values) (Value, error) { return hasName(st.lib.tests, a[0]) })
	t.def("sameas", "value other", func(_ *state, a values) (Value, error) { return Bool(sameAs(a[0], a[1])), nil })
	t.def("lower", "value", caseTest(isLowerText))
	t.def("upper", "value", caseTest(isUpperText))
	numberTests(t)
	compareTests(t)
	return t
}

func hasName(t table, v Value) (Value, error) {
	name, _ := textOf(v)
	return Bool(t[name] != nil), nil
}

func caseTest(is func(string) bool) func(*state, values) (Value, error) {
	return func(st *state, a values) (Value, error) {
		s, err := st.str(a[0])
		return Bool(is(s)), err
	}
}

func numberTests(t table) {
	rest := func(st *state, v, by Value, want Int) (Value, error) {
		m, err := st.binary(tokMod, v, by)
		if err != nil {
			return nil, err
		}
		same, err := equal(m, want)
		return Bool(same), err
	}
	t.def("odd", "value", func(st *state, a values) (Value, error) { return rest(st, a[0], Int(2), 1) })
	t.def("even", "value", func(st *state, a values) (Value, error) { return rest(st, a[0], Int(2), 0) })
	t.def("divisibleby", "value num", func(st *state, a values) (Value, error) { return rest(st, a[0], a[1], 0) })
}

func compareTests(t table) {
	for names, op := range map[string]compareOp{
		"eq equalto ==": opEq, "ne !=": opNe, "gt greaterthan >": opGt, "ge >=": opGe,
		"lt lessthan <": opLt, "le <=": opLe, "in": opIn,
	} {
		list := strings.Fields(names)
		t.def(list[0], "value other", func(_ *state, a values) (Value, error) { return compareWith(op, a[0], a[1]) })
		t.alias(list[0], list[1:]...)
	}
}

func isUndefined(v Value) bool {
	_, ok := v.(*Undefined)
	return ok
}

func isMapping(v Value) bool {
	if m, ok := v.(MappingTester); ok {
		return m.IsMapping()
	}
	_, _, ok := pairsOf(v)
	return ok
}

func isSequence(v Value) bool {
	switch v.(type) {
	case *Set, *dictView:
		return false
	}
	_, ok := lengthOf(v)
	return ok
}

func isCallable(v Value) bool {
	if _, ok := v.(*Undefined); ok {
		return true // Jinja2's Undefined defines __call__, if only to fail
	}
	_, ok := v.(Callable)
	return ok
}

// sameAs is identity; equal small values are the same in Python too.
func sameAs(a, b Value) bool {
	switch x := a.(type) {
	case Str, Markup, Int, Float, Bool:
		return a == b
	case *Tuple:
		y, ok := b.(*Tuple)
		return ok && (x == y || len(x.Items) == 0 && len(y.Items) == 0)
	}
	return isComparable(a) && isComparable(b) && a == b
}
