package jinja

// CallSite is one call as it is written.
type CallSite struct {
	Name string // ref, config.get, dbt_utils.star
	// Args and Kwargs hold the values of literal arguments, nil for others.
	Args   []Value
	Kwargs []Kwarg
	// Literal is that all arguments are literals and none is spread by * or **.
	Literal     bool
	Conditional bool   // within an if or a for
	Definition  string // the top-level definition around it, "" for none
	Place       Place
}

// Calls lists every call whose callee is a name or a dotted name, in the order
// of the source (an argument's calls after the call itself). Values are made
// anew each time.
func (t *Template) Calls() []CallSite {
	var sites []CallSite
	for _, note := range t.calls {
		name, pos := calleeName(note.call.fn)
		if name == "" {
			continue
		}
		site := CallSite{Name: name, Conditional: note.conditional, Place: t.place(pos)}
		if note.def != nil && note.def.info != nil {
			site.Definition = note.def.info.Name
		}
		site.Args, site.Kwargs, site.Literal = note.call.literals()
		sites = append(sites, site)
	}
	return sites
}

// OnlyCalls reports whether the template consists of text, comments and prints
// of calls with literal arguments to the named functions.
func (t *Template) OnlyCalls(names ...string) bool {
	for _, s := range t.body {
		if _, ok := s.(*dataStmt); ok {
			continue
		}
		p, ok := s.(*printStmt)
		if !ok {
			return false
		}
		call, ok := p.x.(*callExpr)
		if !ok {
			return false
		}
		name, _ := calleeName(call.fn)
		if _, _, ok := call.literals(); !ok || indexOf(names, name) < 0 {
			return false
		}
	}
	return true
}

// calleeName writes a.b.c, or gives "" for other expressions.
func calleeName(x expr) (string, int32) {
	switch x := x.(type) {
	case *nameExpr:
		return x.name, x.pos
	case *attrExpr:
		if name, pos := calleeName(x.x); name != "" {
			return name + "." + x.name, pos
		}
	}
	return "", 0
}

func (a *arguments) literals() (args []Value, kwargs []Kwarg, all bool) {
	all = a.star == nil && a.dblStar == nil
	for _, x := range a.args {
		v, ok := literal(x)
		all = all && ok
		args = append(args, v)
	}
	for _, k := range a.kwargs {
		v, ok := literal(k.x)
		all = all && ok
		kwargs = append(kwargs, Kwarg{k.name, v})
	}
	return args, kwargs, all
}
