package jinja

import (
	"crypto/md5" //nolint:gosec // dbt's local_md5 makes keys, not secrets
	"encoding/hex"
	"errors"
)

// builtinTable makes Jinja2's global functions and those of dbt's that need no
// project. A Scope may hide any of them.
func builtinTable() table {
	t := table{}
	t.raw("range", rangeFunc)
	t.raw("dict", func(c *Call) (Value, error) {
		d := NewDict()
		return d, fillDict(c, d, c.Args)
	})
	t.raw("namespace", func(c *Call) (Value, error) {
		ns := &Namespace{NewDict()}
		return ns, fillDict(c, ns.vars, c.Args)
	})
	t.raw("cycler", func(c *Call) (Value, error) {
		if len(c.Args) == 0 {
			return nil, raise(RuntimeError, "at least one item has to be provided")
		}
		return &cycler{items: c.Args}, nil
	})
	t.def("joiner", "sep?", func(_ *state, a values) (Value, error) {
		if a[0] == nil {
			a[0] = Str(", ")
		}
		return &joiner{sep: a[0]}, nil
	})
	t.def("return", "data", func(_ *state, a values) (Value, error) { return nil, &returned{a[0]} })
	t.def("tojson", "value default? sort_keys?", tojsonFunc)
	t.def("fromjson", "string default?", fromjsonFunc)
	t.def("set", "value default?", func(st *state, a values) (Value, error) {
		s, err := asSetCopy(st, a[0])
		return orDefault(s, err, TypeError, a[1])
	})
	t.def("set_strict", "value", func(st *state, a values) (Value, error) { return asSetCopy(st, a[0]) })
	t.raw("zip", func(c *Call) (Value, error) {
		otherwise, _ := c.Kwarg("default")
		v, err := zipValues(c.Args)
		return orDefault(v, err, TypeError, otherwise)
	})
	t.raw("zip_strict", func(c *Call) (Value, error) { return zipValues(c.Args) })
	t.def("local_md5", "value", func(st *state, a values) (Value, error) {
		s, err := textArg(a[0])
		sum := md5.Sum([]byte(s)) //nolint:gosec // as above
		return Str(hex.EncodeToString(sum[:])), err
	})
	return t
}

// orDefault gives otherwise when err is of one kind, as dbt's functions do.
func orDefault(v Value, err error, kind ErrorKind, otherwise Value) (Value, error) {
	var r *raised
	if errors.As(err, &r) && r.kind == kind {
		return orNone(otherwise), nil
	}
	return v, err
}

func rangeFunc(c *Call) (Value, error) {
	if len(c.Args) < 1 || len(c.Args) > 3 || len(c.Kwargs) > 0 {
		return nil, raise(TypeError, "range expected 1 to 3 arguments, got %d", len(c.Args)+len(c.Kwargs))
	}
	var n [3]int64
	for i, a := range c.Args {
		v, err := intArg(a, 0)
		if err != nil {
			return nil, err
		}
		if a == None {
			return nil, raise(TypeError, "'NoneType' object cannot be interpreted as an integer")
		}
		n[i] = int64(v)
	}
	r := &Range{n[0], n[1], 1}
	if len(c.Args) == 1 {
		r = &Range{0, n[0], 1}
	}
	if len(c.Args) == 3 {
		r.Step = n[2]
	}
	if r.Step == 0 {
		return nil, raise(ValueError, "range() arg 3 must not be zero")
	}
	if r.Len() > maxRange {
		return nil, raise(ValueError, "Range too big. The sandbox blocks ranges larger than MAX_RANGE (%d).", maxRange)
	}
	return r, nil
}

// maxRange is that of Jinja2's sandbox.
const maxRange = 100000

func tojsonFunc(st *state, a values) (Value, error) {
	w := jsonWriter{st: st, sortKeys: a[2] != nil && truth(a[2]), indent: -1}
	s, err := w.text(a[0])
	return orDefault(Str(s), err, ValueError, a[1])
}

func fromjsonFunc(st *state, a values) (Value, error) {
	s, err := textArg(a[0])
	if err != nil {
		return nil, err
	}
	v, err := st.parseJSON(s)
	return orDefault(v, err, ValueError, a[1])
}

func asSetCopy(st *state, v Value) (Value, error) {
	items, err := st.collect(v)
	if err != nil {
		return nil, err
	}
	return asValue(NewSet(items...))
}

func iterators(args []Value) ([]iterator, error) {
	its := make([]iterator, len(args))
	for i, v := range args {
		it, err := iterate(v)
		if err != nil {
			return nil, err
		}
		its[i] = it
	}
	return its, nil
}

func zipValues(args []Value) (Value, error) {
	its, err := iterators(args)
	if err != nil {
		return nil, err
	}
	return &Iterator{"zip", funcIter(func() (Value, bool, error) {
		row := make([]Value, len(its))
		for i, it := range its {
			v, ok, err := it.next()
			if err != nil || !ok {
				return nil, false, err
			}
			row[i] = v
		}
		return NewTuple(row...), len(row) > 0, nil
	})}, nil
}
