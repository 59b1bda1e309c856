package jinja

// frame is one running function: a template, a macro, a call block or a
// recursive loop.
type frame struct {
	st   *state
	up   *frame // of the function around this one
	vars []Value
	unit *unit
}

// unit is code together with where its global names come from.
type unit struct {
	tmpl  *Template
	scope Scope
}

// within runs f's code with another function's slots.
func (f *frame) within(fn *function) *frame {
	return &frame{st: f.st, up: f, vars: make([]Value, fn.slots), unit: f.unit}
}

// at walks up to the frame that holds a variable.
func (f *frame) at(up int32) *frame {
	for ; up > 0; up-- {
		f = f.up
	}
	return f
}

// load reads a variable, nil when it is missing.
func (f *frame) load(s *symbol, up int32) Value {
	g := f.at(up)
	v := g.vars[s.slot]
	if v == nil && s.load == loadResolve {
		if v = g.lookup(s.name); v != nil {
			g.vars[s.slot] = v
		}
	}
	return v
}

func (f *frame) lookup(name string) Value {
	if v, ok := f.unit.scope.Lookup(name); ok {
		return v
	}
	if b, ok := stdlib.builtins[name]; ok {
		return b
	}
	return nil
}

// open prepares the variables of a scope.
func (f *frame) open(e entry) {
	for _, s := range e {
		if s.load == loadAlias {
			f.vars[s.slot] = f.load(s.outer, s.up)
		} else {
			f.vars[s.slot] = nil
		}
	}
}

func (f *frame) place(pos int32) Place { return f.unit.tmpl.place(pos) }

// fail gives an error its place and the chain of macros.
func (f *frame) fail(pos int32, err error) error {
	switch e := err.(type) {
	case nil:
		return nil
	case *Error, *returned:
		return err
	case *raised:
		return f.st.locate(f.place(pos), &Error{Kind: e.kind, Message: e.msg, Hint: e.hint})
	}
	return f.st.locate(f.place(pos), &Error{Kind: FunctionError, Message: err.Error(), Cause: err})
}

// assign stores v in a name, a namespace or several of them.
func (f *frame) assign(t *target, v Value) error {
	if t.name != nil {
		if t.attr == "" {
			f.vars[t.name.sym.slot] = v
			return nil
		}
		ns, ok := f.load(t.name.sym, t.name.up).(*Namespace)
		if !ok {
			return f.fail(t.pos, raise(RuntimeError, "cannot assign attribute on non-namespace object"))
		}
		ns.vars.Set(Str(t.attr), v)
		return nil
	}
	items, err := unpack(v, len(t.items))
	if err != nil {
		return f.fail(t.pos, err)
	}
	for i := range t.items {
		if err := f.assign(&t.items[i], items[i]); err != nil {
			return err
		}
	}
	return nil
}

// unpack gives exactly n items of v.
func unpack(v Value, n int) ([]Value, error) {
	items, ok := itemsOf(v)
	if !ok {
		it, err := iterate(v)
		if err != nil {
			return nil, raise(TypeError, "cannot unpack non-iterable %s object", v.Type())
		}
		for len(items) <= n {
			x, ok, err := it.next()
			if err != nil {
				return nil, err
			}
			if !ok {
				break
			}
			items = append(items, x)
		}
	}
	if len(items) > n {
		return nil, raise(ValueError, "too many values to unpack (expected %d)", n)
	}
	if len(items) < n {
		return nil, raise(ValueError, "not enough values to unpack (expected %d, got %d)", n, len(items))
	}
	return items, nil
}
