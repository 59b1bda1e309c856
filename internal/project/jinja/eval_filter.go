package jinja

func (e *filterExpr) eval(f *frame) (Value, error) {
	x, err := e.x.eval(f)
	if err != nil {
		return nil, err
	}
	return e.applyTo(f, x)
}

// apply runs a chain of filters whose first one takes v.
func (e *filterExpr) apply(f *frame, v Value) (Value, error) {
	if before, ok := e.x.(*filterExpr); ok {
		var err error
		if v, err = before.apply(f, v); err != nil {
			return nil, err
		}
	}
	return e.applyTo(f, v)
}

func (e *filterExpr) applyTo(f *frame, v Value) (Value, error) {
	if e.fn == nil {
		return nil, f.fail(e.pos, &raised{RuntimeError, "No filter named " + reprStr(e.name) + " found.", nearestKey(e.name, stdlib.filters)})
	}
	return e.arguments.callWith(f, e.pos, e.fn, v)
}

func (e *testExpr) eval(f *frame) (Value, error) {
	x, err := e.x.eval(f)
	if err != nil {
		return nil, err
	}
	if e.fn == nil {
		return nil, f.fail(e.pos, &raised{RuntimeError, "No test named " + reprStr(e.name) + " found.", nearestKey(e.name, stdlib.tests)})
	}
	v, err := e.arguments.callWith(f, e.pos, e.fn, x)
	if e.not && err == nil {
		return Bool(!truth(v)), nil
	}
	return v, err
}

// callWith calls a filter or test with v before the written arguments.
func (a *arguments) callWith(f *frame, pos int32, fn *builtin, v Value) (Value, error) {
	c := Call{st: f.st, at: f.lazy(pos), Args: make([]Value, 1, 1+len(a.args))}
	c.Args[0] = v
	if err := a.eval(f, &c, nil); err != nil {
		return nil, err
	}
	if err := f.st.step(); err != nil {
		return nil, f.fail(pos, err)
	}
	v, err := fn.Call(&c)
	return v, f.fail(pos, err)
}
