package jinja

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
