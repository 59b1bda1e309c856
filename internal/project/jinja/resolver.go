package jinja

// Names are bound to slots before the first render, by the rules of Jinja2's
// compiler: a scope's symbols are known as a whole before the scopes within it
// are looked at, so that a macro sees what its template sets further down.

type loadKind uint8

const (
	loadUndefined loadKind = iota // missing until set
	loadResolve                   // asked from the Scope unless set
	loadAlias                     // copied from the enclosing scope on entry
	loadParam                     // set by whoever enters the scope
)

// function is what has slots of its own: a template, a macro, a call block or a
// recursive loop.
type function struct {
	depth int32
	slots int32
}

// symbol is one variable of one scope.
type symbol struct {
	name  string
	fn    *function
	slot  int32
	load  loadKind
	set   bool
	outer *symbol // for loadAlias
	up    int32   // functions between the symbol's and outer's
}

// entry lists what happens to variables when a scope is entered.
type entry []*symbol

// resolver walks one scope after the other.
type resolver struct {
	names *names
	soft  bool // within an if: unknown filters fail only when they are reached
	later []pending
	fail  func(pos int32, kind ErrorKind, msg, hint string)
}

// pending is a scope that is resolved when the one around it is complete.
type pending struct {
	around *names
	enter  func(r *resolver)
}

func (r *resolver) inner(enter func(r *resolver)) {
	r.later = append(r.later, pending{r.names, enter})
}

// drain resolves the scopes that wait.
func (r *resolver) drain() {
	for len(r.later) > 0 {
		p := r.later[0]
		r.later = r.later[1:]
		r.names, r.soft = p.around, false
		p.enter(r)
	}
}

// open begins a scope within the current one, in fn or in the same function.
func (r *resolver) open(fn *function) *names {
	if fn == nil {
		fn = r.names.fn
	}
	r.names = &names{parent: r.names, fn: fn}
	return r.names
}

func (r *resolver) body(body []stmt) {
	for _, s := range body {
		s.resolve(r)
	}
}

func (r *resolver) newFunction() *function {
	return &function{depth: r.names.fn.depth + 1}
}
