package jinja

import (
	"context"
	"errors"
	"sync"
)

// Template is a parsed template. It is immutable and safe for concurrent use.
type Template struct {
	name   string
	source string // with normalized line ends
	origin origin
	body   []stmt
	defs   []*Definition
	calls  []callNote

	once sync.Once
	fn   *function
	err  *Error // of binding names, when the template is first rendered
}

// origin is where the source stands within a larger file.
type origin struct{ line, column int }

// Parse parses source; name is the path that errors print. The error is an *Error.
func Parse(name, source string) (*Template, error) {
	t, err := parseAt(name, normalize(source), origin{})
	if err != nil {
		return nil, err
	}
	return t, nil
}

func parseAt(name, source string, at origin) (*Template, *Error) {
	t := &Template{name: name, source: source, origin: at}
	p := newParser(source)
	body, err := p.template()
	if err != nil {
		err.File = name
		err.Line, err.Column = at.shift(err.Line, err.Column)
		return nil, err
	}
	t.body, t.calls = body, p.calls
	for _, d := range p.defs {
		t.defs = append(t.defs, t.definition(d))
	}
	return t, nil
}

// shift moves a place within the part to its place in the file.
func (o origin) shift(line, column int) (int, int) {
	if line == 1 {
		column += o.column
	}
	return line + o.line, column
}

// Name is the path given to Parse.
func (t *Template) Name() string { return t.name }

// Source is the text given to Parse, its line ends normalized and the last one
// dropped.
func (t *Template) Source() string { return t.source }

// Definitions lists the template's top-level definitions in order.
func (t *Template) Definitions() []*Definition { return t.defs }

func (t *Template) place(pos int32) Place {
	line, column := t.origin.shift(lineColumn(t.source, int(pos)))
	return Place{t.name, line, column}
}

// resolver begins with an empty scope; what it finds wrong goes to t.err.
func (t *Template) resolver() *resolver {
	t.fn = &function{}
	return &resolver{names: &names{fn: t.fn}, fail: func(pos int32, kind ErrorKind, msg, hint string) {
		if t.err == nil {
			p := t.place(pos)
			t.err = &Error{File: p.File, Line: p.Line, Column: p.Column, Kind: kind, Message: msg, Hint: hint}
		}
	}}
}

// compile binds the names of the template, once.
func (t *Template) compile() error {
	t.once.Do(func() {
		r := t.resolver()
		r.body(t.body)
		r.drain()
	})
	return t.failure()
}

func (t *Template) failure() error {
	if t.err != nil {
		return t.err
	}
	return nil
}

// Render prints the template. Errors are *Error. A return() outside any macro
// is an error, as it is in dbt.
func (t *Template) Render(ctx context.Context, scope Scope, opts Options) (string, error) {
	st := newState(ctx, opts, scope)
	if err := t.run(st, scope); err != nil {
		return "", err
	}
	return string(st.buf), nil
}

// RenderNative renders as dbt does for YAML values: a template that is one
// expression gives its value, anything else gives a Str.
func (t *Template) RenderNative(ctx context.Context, scope Scope, opts Options) (Value, error) {
	st := newState(ctx, opts, scope)
	st.native = &nativeOutput{}
	if err := t.run(st, scope); err != nil {
		return nil, err
	}
	v, err := st.native.result(st)
	if err != nil {
		return nil, st.finish(err, Place{File: t.name})
	}
	return v, nil
}

func (t *Template) run(st *state, scope Scope) error {
	if err := t.compile(); err != nil {
		return err
	}
	st.buf = make([]byte, 0, len(t.source)+len(t.source)/2)
	f := &frame{st: st, vars: make([]Value, t.fn.slots), unit: &unit{t, scope}}
	if _, err := f.run(t.body); err != nil {
		return st.finish(err, t.place(0))
	}
	return nil
}

// finish makes sure that what leaves the engine is an *Error.
func (st *state) finish(err error, at Place) error {
	var placed *Error
	switch e := err.(type) {
	case *Error:
		return e
	case *raised:
		placed = &Error{Kind: e.kind, Message: e.msg, Hint: e.hint}
	case *returned:
		placed = &Error{Kind: RuntimeError, Message: "return() was called outside a macro",
			Hint: "only a macro can return a value; print it with {{ }} instead"}
	default:
		if errors.As(err, &placed) {
			return err
		}
		placed = &Error{Kind: FunctionError, Message: err.Error(), Cause: err}
	}
	return st.locate(at, placed)
}

// guard runs a call from Go and places its errors.
func (st *state) guard(at Place, call func() (Value, error)) (Value, error) {
	v, err := call()
	if err != nil {
		return nil, st.finish(err, at)
	}
	return v, nil
}
