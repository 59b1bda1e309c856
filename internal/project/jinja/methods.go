package jinja

// methodOf finds a method of one of the engine's own types.
func (l *library) methodOf(x Value, name string) *builtin {
	switch x.(type) {
	case Str, Markup:
		return l.strMethods[name]
	case *List:
		return l.listMethods[name]
	case *Dict:
		return l.dictMethods[name]
	case *Set:
		return l.setMethods[name]
	case *Tuple, *group, *Range:
		return l.tupleMethods[name]
	case *dictView:
		return l.viewMethods[name]
	case Int, Bool, *BigInt:
		return l.intMethods[name]
	case Float:
		return l.floatMethods[name]
	case *Date:
		return l.dateMethods[name]
	case *DateTime:
		return l.datetimeMethods[name]
	case *Clock:
		return l.clockMethods[name]
	case *Duration:
		return l.durationMethods[name]
	case *Zone:
		return l.zoneMethods[name]
	case *Pattern:
		return l.patternMethods[name]
	case *Match:
		return l.matchMethods[name]
	}
	return nil
}

// intArg converts an optional argument.
func intArg(v Value, otherwise int) (int, error) {
	if v == nil || v == None {
		return otherwise, nil
	}
	n, ok := smallInt(v)
	if !ok {
		if u, ok := v.(*Undefined); ok {
			return 0, u.err()
		}
		return 0, raise(TypeError, "%s object cannot be interpreted as an integer", reprStr(v.Type()))
	}
	return int(min(max(n, -1<<50), 1<<50)), nil
}

// textArg converts a required str argument.
func textArg(v Value) (string, error) {
	if s, ok := textOf(v); ok {
		return s, nil
	}
	if u, ok := v.(*Undefined); ok {
		return "", u.err()
	}
	return "", raise(TypeError, "a str is required, not %s", reprStr(v.Type()))
}

// givenText converts an optional str argument; given is false for none.
func givenText(v Value) (s string, given bool, err error) {
	if v == nil || v == None {
		return "", false, nil
	}
	s, err = textArg(v)
	return s, true, err
}
