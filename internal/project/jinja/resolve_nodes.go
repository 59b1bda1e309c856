package jinja

func (e *constExpr) resolve(*resolver) {}

func (e *nameExpr) resolve(r *resolver) { e.bind(r, r.names.loadName(e.name)) }

func (e *nameExpr) bind(r *resolver, s *symbol) {
	e.sym, e.up = s, r.names.fn.depth-s.fn.depth
}

func (e *attrExpr) resolve(r *resolver) { e.x.resolve(r) }

func (e *itemExpr) resolve(r *resolver) {
	e.x.resolve(r)
	e.key.resolve(r)
}

func (e *sliceExpr) resolve(r *resolver) {
	for _, x := range []expr{e.lo, e.hi, e.step} {
		if x != nil {
			x.resolve(r)
		}
	}
}

func (a *arguments) resolve(r *resolver) {
	for _, x := range a.args {
		x.resolve(r)
	}
	for _, k := range a.kwargs {
		k.x.resolve(r)
	}
	if a.star != nil {
		a.star.resolve(r)
	}
	if a.dblStar != nil {
		a.dblStar.resolve(r)
	}
}

func (e *callExpr) resolve(r *resolver) {
	e.fn.resolve(r)
	e.arguments.resolve(r)
}

func (e *filterExpr) resolve(r *resolver) {
	if e.x != nil {
		e.x.resolve(r)
	}
	e.arguments.resolve(r)
	e.fn = stdlib.filters[e.name]
	if e.fn == nil && !r.soft {
		r.fail(e.pos, SyntaxError, "No filter named "+reprStr(e.name)+".", nearestKey(e.name, stdlib.filters))
	}
}

func (e *testExpr) resolve(r *resolver) {
	e.x.resolve(r)
	e.arguments.resolve(r)
	e.fn = stdlib.tests[e.name]
	if e.fn == nil && !r.soft {
		r.fail(e.pos, SyntaxError, "No test named "+reprStr(e.name)+".", nearestKey(e.name, stdlib.tests))
	}
}

func (e *condExpr) resolve(r *resolver) {
	soft := r.soft
	r.soft = true
	e.test.resolve(r)
	e.yes.resolve(r)
	if e.no != nil {
		e.no.resolve(r)
	}
	r.soft = soft
}

func (e *logicExpr) resolve(r *resolver) {
	e.left.resolve(r)
	e.right.resolve(r)
}

func (e *notExpr) resolve(r *resolver) { e.x.resolve(r) }

func (e *binaryExpr) resolve(r *resolver) {
	e.left.resolve(r)
	e.right.resolve(r)
}

func (e *unaryExpr) resolve(r *resolver) { e.x.resolve(r) }

func (e *compareExpr) resolve(r *resolver) {
	e.first.resolve(r)
	for _, x := range e.rest {
		x.resolve(r)
	}
}

func resolveAll(r *resolver, list []expr) {
	for _, x := range list {
		x.resolve(r)
	}
}

func (e *concatExpr) resolve(r *resolver) { resolveAll(r, e.parts) }

func (e *listExpr) resolve(r *resolver) { resolveAll(r, e.items) }

func (e *tupleExpr) resolve(r *resolver) { resolveAll(r, e.items) }

func (e *dictExpr) resolve(r *resolver) {
	for i, k := range e.keys {
		k.resolve(r)
		e.vals[i].resolve(r)
	}
}

// declare binds a target's names, as parameters of the scope or as stores.
func (t *target) declare(r *resolver, asParam bool) {
	if t.name == nil {
		for i := range t.items {
			t.items[i].declare(r, asParam)
		}
		return
	}
	switch {
	case t.attr != "":
		t.name.resolve(r)
	case asParam:
		t.name.bind(r, r.names.param(t.name.name))
	default:
		t.name.bind(r, r.names.storeName(t.name.name))
	}
}

// copyNames makes a target that can be bound in another scope.
func (t target) copyNames() target {
	if t.name != nil {
		name := *t.name
		t.name = &name
	}
	items := make([]target, len(t.items))
	for i, item := range t.items {
		items[i] = item.copyNames()
	}
	if t.items != nil {
		t.items = items
	}
	return t
}
