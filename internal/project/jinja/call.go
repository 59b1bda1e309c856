package jinja

import "context"

// Kwarg is one keyword argument.
type Kwarg struct {
	Name  string
	Value Value
}

// Call is one call of a Go function from a template.
type Call struct {
	Args   []Value
	Kwargs []Kwarg
	st     *state
	at     lazyPlace
}

// Func is a Go function that templates can call.
type Func struct {
	Name string
	Fn   func(*Call) (Value, error)
}

// NewFunc names fn for templates. Errors that fn returns get the place of the
// call and the chain of macros; they remain reachable by errors.As.
func NewFunc(name string, fn func(*Call) (Value, error)) *Func {
	return &Func{Name: name, Fn: fn}
}

// Type is "function".
func (*Func) Type() string { return "function" }

// Call runs the function.
func (f *Func) Call(c *Call) (Value, error) { return f.Fn(c) }

// Context is the context that the render was given.
func (c *Call) Context() context.Context { return c.st.ctx }

// Place is where in the source the call stands.
func (c *Call) Place() Place { return c.at.get() }

// Chain lists the macros being run, the innermost first.
func (c *Call) Chain() []Frame { return c.st.chain() }

// Options are those of the running render.
func (c *Call) Options() Options { return c.st.opts }

// Scope is that of the template or macro which makes the call.
func (c *Call) Scope() Scope { return c.st.scope }

// Invoke calls another value (a macro, a Func, a Callable) within this render.
func (c *Call) Invoke(fn Value, args []Value, kwargs []Kwarg) (Value, error) {
	return c.st.call(fn, args, kwargs, c.at.get())
}

// Kwarg gives the keyword argument of that name.
func (c *Call) Kwarg(name string) (Value, bool) {
	for _, k := range c.Kwargs {
		if k.Name == name {
			return k.Value, true
		}
	}
	return nil, false
}
