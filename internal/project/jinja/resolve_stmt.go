package jinja

func (s *dataStmt) resolve(*resolver) {}

func (s *jumpStmt) resolve(*resolver) {}

func (s *printStmt) resolve(r *resolver) { s.x.resolve(r) }

func (s *doStmt) resolve(r *resolver) { s.x.resolve(r) }

func (s *setStmt) resolve(r *resolver) {
	s.x.resolve(r)
	s.to.declare(r, false)
}

func (s *setBlockStmt) resolve(r *resolver) {
	s.to.declare(r, false)
	r.inner(func(r *resolver) {
		n := r.open(nil)
		if s.filter != nil {
			s.filter.resolve(r)
		}
		r.body(s.body)
		s.entry = n.entry()
	})
}

func (s *ifStmt) resolve(r *resolver) {
	soft := r.soft
	r.soft = true
	s.test.resolve(r)
	before := len(r.names.sets)
	r.body(s.body)
	r.body(s.orElse)
	r.names.branches(before)
	r.soft = soft
}

func (s *forStmt) resolve(r *resolver) {
	s.iter.resolve(r)
	r.inner(s.resolveInner)
}

func (s *forStmt) resolveInner(r *resolver) {
	around := r.names
	if s.recursive {
		s.fn = r.newFunction()
	}
	n := r.open(s.fn)
	if s.usesLoop || s.recursive {
		s.loop = n.param("loop")
	}
	s.to.declare(r, true)
	r.body(s.body)
	s.entry = n.entry()
	if s.test != nil {
		r.names = around
		test := r.open(s.fn)
		s.testTo = s.to.copyNames()
		s.testTo.declare(r, true)
		s.test.resolve(r)
		s.testEntry = test.entry()
	}
	if s.orElse != nil {
		r.names = around
		other := r.open(s.fn)
		r.body(s.orElse)
		s.elseEntry = other.entry()
	}
}

func (s *withStmt) resolve(r *resolver) {
	resolveAll(r, s.values)
	r.inner(func(r *resolver) {
		n := r.open(nil)
		for i := range s.targets {
			s.targets[i].declare(r, true)
		}
		r.body(s.body)
		s.entry = n.entry()
	})
}

func (s *macroStmt) resolve(r *resolver) {
	if s.def.info.Kind == KindMacro {
		s.name.bind(r, r.names.storeName(s.name.name))
	}
	r.inner(s.def.resolve)
}

func (s *callBlockStmt) resolve(r *resolver) {
	s.call.resolve(r)
	r.inner(s.def.resolve)
}

func (s *filterBlockStmt) resolve(r *resolver) {
	s.filter.arguments.resolve(r)
	r.inner(func(r *resolver) {
		n := r.open(nil)
		s.filter.resolve(r)
		r.body(s.body)
		s.entry = n.entry()
	})
}

func (s *blockStmt) resolve(r *resolver) {
	r.inner(func(r *resolver) {
		n := r.open(nil)
		r.body(s.body)
		s.entry = n.entry()
	})
}

// resolve binds the names of a macro's parameters and body. Parameters that the
// body only implies (caller, kwargs, varargs) are declared before it.
func (d *macroDef) resolve(r *resolver) {
	d.fn = r.newFunction()
	n := r.open(d.fn)
	named := map[string]bool{}
	for _, p := range d.params {
		p.name.bind(r, n.param(p.name.name))
		named[p.name.name] = true
	}
	if d.usesCaller && !named["caller"] {
		d.caller = n.param("caller")
	}
	if d.usesKwargs && !named["kwargs"] {
		d.kwargs = n.param("kwargs")
	}
	if d.usesVarargs && !named["varargs"] {
		d.varargs = n.param("varargs")
	}
	for _, p := range d.params {
		if p.def != nil {
			p.def.resolve(r)
		}
	}
	r.body(d.body)
}
