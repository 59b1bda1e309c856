package jinja

import "context"

// Macro is a macro as a value: it can be called, passed on and asked for its
// name and arguments.
type Macro struct {
	def  *macroDef
	up   *frame // what a macro within a template closes over
	unit *unit
	lazy func() (*macroDef, *unit, error)
}

// Type is "Macro".
func (m *Macro) Type() string { return "Macro" }

// compiled gives the macro's code, compiling it when it is used first.
func (m *Macro) compiled() (*macroDef, *unit, error) {
	if m.lazy != nil {
		return m.lazy()
	}
	return m.def, m.unit, nil
}

// Call runs the macro and gives what it prints as a Str, or what return() was
// given.
func (m *Macro) Call(c *Call) (Value, error) {
	def, u, err := m.compiled()
	if err != nil {
		return nil, err
	}
	st := c.st
	if err := st.deeper(); err != nil {
		return nil, err
	}
	run := &running{def: def, tmpl: u.tmpl, from: c.at, up: st.top}
	around, mark, native := st.scope, len(st.buf), st.native
	st.top, st.scope, st.native = run, u.scope, nil
	v, err := m.invoke(&frame{st: st, up: m.up, vars: make([]Value, def.fn.slots), unit: u}, def, c)
	if ret, ok := err.(*returned); ok && def.info != nil {
		v, err = ret.v, nil
	}
	st.buf = st.buf[:mark]
	st.top, st.scope, st.native = run.up, around, native
	st.depth--
	return v, err
}

func (m *Macro) invoke(f *frame, def *macroDef, c *Call) (Value, error) {
	if err := f.st.step(); err != nil {
		return nil, err
	}
	if err := f.bindArgs(def, c); err != nil {
		return nil, err
	}
	text, _, err := f.capture(def.body)
	return Str(text), err
}

// bindArgs fills a macro's parameters.
func (f *frame) bindArgs(def *macroDef, c *Call) error {
	rest := c.Kwargs
	owned := false
	for i, p := range def.params {
		if i < len(c.Args) {
			f.vars[p.name.sym.slot] = c.Args[i]
			continue
		}
		for k := range rest {
			if rest[k].Name == p.name.name {
				f.vars[p.name.sym.slot] = rest[k].Value
				if !owned {
					rest, owned = append([]Kwarg(nil), rest...), true
				}
				rest = append(rest[:k], rest[k+1:]...)
				break
			}
		}
	}
	rest = f.bindCaller(def, rest)
	if def.kwargs != nil {
		d := NewDict()
		for _, k := range rest {
			d.Set(Str(k.Name), k.Value)
		}
		f.vars[def.kwargs.slot] = d
	} else if len(rest) > 0 {
		return wrongKwarg(def, rest)
	}
	if def.varargs != nil {
		f.vars[def.varargs.slot] = NewTuple(append([]Value(nil), c.Args[min(len(def.params), len(c.Args)):]...)...)
	} else if len(c.Args) > len(def.params) {
		return raise(TypeError, "macro %s takes not more than %d argument(s)", reprStr(def.name), len(def.params))
	}
	return f.bindDefaults(def)
}

func (f *frame) bindCaller(def *macroDef, rest []Kwarg) []Kwarg {
	if def.caller == nil {
		return rest
	}
	f.vars[def.caller.slot] = &Undefined{Hint: "No caller defined", Name: "caller"}
	for k := range rest {
		if rest[k].Name == "caller" {
			f.vars[def.caller.slot] = rest[k].Value
			return append(append([]Kwarg(nil), rest[:k]...), rest[k+1:]...)
		}
	}
	return rest
}

func wrongKwarg(def *macroDef, rest []Kwarg) error {
	for _, k := range rest {
		if k.Name == "caller" {
			return raise(TypeError, "macro %s was invoked with two values for the special caller argument. This is most likely a bug.", reprStr(def.name))
		}
	}
	names := make([]string, len(def.params))
	for i, p := range def.params {
		names[i] = p.name.name
	}
	return &raised{TypeError, "macro " + reprStr(def.name) + " takes no keyword argument " + reprStr(rest[0].Name), nearest(rest[0].Name, names)}
}

// bindDefaults evaluates defaults in order, so that they may use earlier ones.
func (f *frame) bindDefaults(def *macroDef) error {
	for _, p := range def.params {
		slot := p.name.sym.slot
		switch {
		case f.vars[slot] != nil:
		case p.def == nil:
			f.vars[slot] = &Undefined{Hint: "parameter " + reprStr(p.name.name) + " was not provided", Name: p.name.name}
		default:
			v, err := p.def.eval(f)
			if err != nil {
				return err
			}
			f.vars[slot] = v
		}
	}
	return nil
}

// Run calls the macro from Go, outside of any render (run-operation, tests).
func (m *Macro) Run(ctx context.Context, opts Options, args []Value, kwargs []Kwarg) (Value, error) {
	_, u, err := m.compiled()
	if err != nil {
		return nil, err
	}
	st := newState(ctx, opts, u.scope)
	at := Place{File: u.tmpl.name}
	return st.guard(at, func() (Value, error) {
		return st.call(m, args, kwargs, at)
	})
}

// Name is the macro's name.
func (m *Macro) Name() string {
	if def, _, err := m.compiled(); err == nil {
		return def.name
	}
	return ""
}

// String is Jinja2's.
func (m *Macro) String() string { return "<Macro " + reprStr(m.Name()) + ">" }

// Attr gives name, arguments, caller, catch_kwargs and catch_varargs.
func (m *Macro) Attr(name string) (Value, bool) {
	def, _, err := m.compiled()
	if err != nil {
		return nil, false
	}
	switch name {
	case "name":
		return Str(def.name), true
	case "arguments":
		t := NewTuple()
		for _, p := range def.params {
			t.Items = append(t.Items, Str(p.name.name))
		}
		return t, true
	case "caller":
		return Bool(def.usesCaller), true
	case "catch_kwargs":
		return Bool(def.kwargs != nil), true
	case "catch_varargs":
		return Bool(def.varargs != nil), true
	}
	return nil, false
}
