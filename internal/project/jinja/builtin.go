package jinja

import "strings"

// builtin is a filter, a test, a function or a method of the engine's own.
type builtin struct {
	name   string
	params []string
	min    int // parameters that must be given
	fn     func(st *state, a []Value) (Value, error)
	raw    func(c *Call) (Value, error) // takes the call as it is
}

// table maps names to builtins.
type table map[string]*builtin

// def adds a builtin whose parameters are "a b? c?": those with ? may be left
// out, and are nil then.
func (t table) def(name, params string, fn func(st *state, a []Value) (Value, error)) {
	b := &builtin{name: name, fn: fn}
	for _, p := range strings.Fields(params) {
		if q, ok := strings.CutSuffix(p, "?"); ok {
			p = q
		} else {
			b.min++
		}
		b.params = append(b.params, p)
	}
	t[name] = b
}

// raw adds a builtin that looks at the call itself.
func (t table) raw(name string, fn func(c *Call) (Value, error)) {
	t[name] = &builtin{name: name, raw: fn}
}

// alias gives a builtin more names.
func (t table) alias(name string, more ...string) {
	for _, m := range more {
		t[m] = t[name]
	}
}

// Type is "builtin_function_or_method".
func (b *builtin) Type() string { return "builtin_function_or_method" }

// String is how Python prints a function, without its address.
func (b *builtin) String() string { return "<built-in function " + b.name + ">" }

// Call binds the arguments to the parameters and runs the builtin.
func (b *builtin) Call(c *Call) (Value, error) {
	if b.raw != nil {
		return b.raw(c)
	}
	args := c.Args
	if len(args) > len(b.params) {
		return nil, raise(TypeError, "%s() takes at most %d arguments (%d given)", b.name, len(b.params), len(args))
	}
	if given := len(args); given < len(b.params) {
		args = append(args[:given:given], make([]Value, len(b.params)-given)...)
	}
	for _, k := range c.Kwargs {
		i := indexOf(b.params, k.Name)
		if i < 0 {
			return nil, &raised{TypeError, b.name + "() got an unexpected keyword argument " + reprStr(k.Name), nearest(k.Name, b.params)}
		}
		if args[i] != nil {
			return nil, raise(TypeError, "%s() got multiple values for argument %s", b.name, reprStr(k.Name))
		}
		args[i] = k.Value
	}
	for i := range b.min {
		if args[i] == nil {
			return nil, raise(TypeError, "%s() missing required argument: %s", b.name, reprStr(b.params[i]))
		}
	}
	return b.fn(c.st, args)
}

func indexOf(list []string, s string) int {
	for i, x := range list {
		if x == s {
			return i
		}
	}
	return -1
}

// boundMethod is a method that was taken from its object without being called.
type boundMethod struct {
	self Value
	m    *builtin
}

// Type is "builtin_function_or_method".
func (b *boundMethod) Type() string { return "builtin_function_or_method" }

// String is how Python prints a method, without its address.
func (b *boundMethod) String() string {
	return "<built-in method " + b.m.name + " of " + b.self.Type() + " object>"
}

// Call calls the method.
func (b *boundMethod) Call(c *Call) (Value, error) {
	inner := *c
	inner.Args = append([]Value{b.self}, c.Args...)
	return b.m.Call(&inner)
}
