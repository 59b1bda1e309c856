package jinja

// names is one scope while it is being resolved.
type names struct {
	parent *names
	fn     *function
	refs   []*symbol
	byName map[string]*symbol // beside refs once there are many
	sets   []*symbol          // in the order of their first assignment
}

const manyNames = 12

func (n *names) own(name string) *symbol {
	if n.byName != nil {
		return n.byName[name]
	}
	for _, s := range n.refs {
		if s.name == name {
			return s
		}
	}
	return nil
}

func (n *names) find(name string) *symbol {
	for ; n != nil; n = n.parent {
		if s := n.own(name); s != nil {
			return s
		}
	}
	return nil
}

func (n *names) define(name string, load loadKind) *symbol {
	s := n.own(name)
	if s == nil {
		s = &symbol{name: name, fn: n.fn, slot: n.fn.slots}
		n.fn.slots++
		n.refs = append(n.refs, s)
		if n.byName != nil {
			n.byName[name] = s
		} else if len(n.refs) > manyNames {
			n.index()
		}
	}
	s.load = load
	return s
}

func (n *names) index() {
	n.byName = make(map[string]*symbol, 2*len(n.refs))
	for _, s := range n.refs {
		n.byName[s.name] = s
	}
}

func (n *names) loadName(name string) *symbol {
	if s := n.find(name); s != nil {
		return s
	}
	return n.define(name, loadResolve)
}

func (n *names) storeName(name string) *symbol {
	s := n.own(name)
	if s == nil {
		outer := n.parent.find(name)
		if outer == nil {
			s = n.define(name, loadUndefined)
		} else {
			s = n.define(name, loadAlias)
			s.alias(outer)
		}
	}
	n.noteSet(s)
	return s
}

func (n *names) noteSet(s *symbol) {
	if !s.set {
		s.set = true
		n.sets = append(n.sets, s)
	}
}

func (s *symbol) alias(outer *symbol) {
	s.load, s.outer, s.up = loadAlias, outer, s.fn.depth-outer.fn.depth
}

func (n *names) param(name string) *symbol {
	s := n.define(name, loadParam)
	n.noteSet(s)
	return s
}

// branches settles names that only some branches of an if set: those set after
// the first `before` ones keep their outer value where no branch sets them.
func (n *names) branches(before int) {
	for _, s := range n.sets[before:] {
		if outer := n.parent.find(s.name); outer != nil {
			s.alias(outer)
		} else if s.load != loadParam {
			s.load = loadResolve
		}
	}
}

// entry gives what to do on entering the scope, once it is resolved.
func (n *names) entry() entry {
	var e entry
	for _, s := range n.refs {
		if s.load != loadParam {
			e = append(e, s)
		}
	}
	return e
}
