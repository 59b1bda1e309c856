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
