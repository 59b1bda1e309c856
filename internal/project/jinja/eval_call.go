package jinja

func (e *callExpr) eval(f *frame) (Value, error) { return e.evalWith(f, nil) }

// evalWith makes the call; caller is what a call block hands over.
func (e *callExpr) evalWith(f *frame, caller *Macro) (Value, error) {
	if a, ok := e.fn.(*attrExpr); ok {
		return e.method(f, a, caller)
	}
	fn, err := e.fn.eval(f)
	if err != nil {
		return nil, err
	}
	return e.apply(f, fn, caller)
}

// method calls x.name(…), without making a bound method of the engine's own.
func (e *callExpr) method(f *frame, a *attrExpr, caller *Macro) (Value, error) {
	x, err := a.x.eval(f)
	if err != nil {
		return nil, err
	}
	if m := f.st.lib.methodOf(x, a.name); m != nil {
		c := Call{st: f.st, at: f.lazy(e.pos), Args: make([]Value, 1, 1+len(e.args))}
		c.Args[0] = x
		if err = e.arguments.eval(f, &c, caller); err != nil {
			return nil, err
		}
		v, err := m.Call(&c)
		return v, f.fail(e.pos, err)
	}
	fn, err := f.st.getAttr(x, a.name)
	if err != nil {
		return nil, f.fail(a.pos, err)
	}
	return e.apply(f, fn, caller)
}

func (e *callExpr) apply(f *frame, fn Value, caller *Macro) (Value, error) {
	c := Call{st: f.st, at: f.lazy(e.pos)}
	if err := e.arguments.eval(f, &c, caller); err != nil {
		return nil, err
	}
	if err := f.st.step(); err != nil {
		return nil, f.fail(e.pos, err)
	}
	v, err := f.st.invoke(fn, &c)
	return v, f.fail(e.pos, err)
}

// invoke calls a value with arguments that are ready.
func (st *state) invoke(fn Value, c *Call) (Value, error) {
	switch fn := fn.(type) {
	case Callable:
		v, err := fn.Call(c)
		if v == nil && err == nil {
			v = None
		}
		return v, err
	case *Undefined:
		if st.opts.Lenient {
			return fn, nil
		}
		return nil, fn.err()
	}
	return nil, raise(TypeError, "%s object is not callable", reprStr(fn.Type()))
}

// call is invoke for arguments from Go.
func (st *state) call(fn Value, args []Value, kwargs []Kwarg, at Place) (Value, error) {
	return st.invoke(fn, &Call{Args: args, Kwargs: kwargs, st: st, at: lazyPlace{place: at}})
}

// eval appends the evaluated arguments to the call.
func (a *arguments) eval(f *frame, c *Call, caller *Macro) error {
	if c.Args == nil && len(a.args) > 0 {
		c.Args = make([]Value, 0, len(a.args))
	}
	for _, x := range a.args {
		v, err := x.eval(f)
		if err != nil {
			return err
		}
		c.Args = append(c.Args, v)
	}
	if len(a.kwargs) > 0 {
		c.Kwargs = make([]Kwarg, 0, len(a.kwargs)+1)
	}
	for _, k := range a.kwargs {
		v, err := k.x.eval(f)
		if err != nil {
			return err
		}
		if err := c.addKwarg(k.name, v); err != nil {
			return f.fail(c.at.pos, err)
		}
	}
	if caller != nil {
		c.Kwargs = append(c.Kwargs, Kwarg{"caller", caller})
	}
	if a.star == nil && a.dblStar == nil {
		return nil
	}
	return a.spread(f, c)
}

func (c *Call) addKwarg(name string, v Value) error {
	if _, ok := c.Kwarg(name); ok {
		return raise(TypeError, "got multiple values for keyword argument %s", reprStr(name))
	}
	c.Kwargs = append(c.Kwargs, Kwarg{name, v})
	return nil
}

// spread adds *args and **kwargs.
func (a *arguments) spread(f *frame, c *Call) error {
	if a.star != nil {
		v, err := a.star.eval(f)
		if err != nil {
			return err
		}
		items, err := f.st.collect(v)
		if err != nil {
			return f.fail(c.at.pos, err)
		}
		c.Args = append(c.Args, items...)
	}
	if a.dblStar == nil {
		return nil
	}
	v, err := a.dblStar.eval(f)
	if err != nil {
		return err
	}
	keys, vals, ok := pairsOf(v)
	if !ok {
		return f.fail(c.at.pos, raise(TypeError, "argument after ** must be a mapping, not %s", v.Type()))
	}
	for i, k := range keys {
		name, ok := k.(Str)
		if !ok {
			return f.fail(c.at.pos, raise(TypeError, "keywords must be strings"))
		}
		if err := c.addKwarg(string(name), vals[i]); err != nil {
			return f.fail(c.at.pos, err)
		}
	}
	return nil
}
