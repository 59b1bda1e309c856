package jinja

// Scope gives the names that a template does not define itself. Lookup is
// called when a name is met, so a scope may make its values lazily. A scope
// used by several renders at once must be safe for that.
type Scope interface {
	Lookup(name string) (Value, bool)
}

// Namer is an optional part of a Scope: the names that "did you mean" hints may
// suggest.
type Namer interface {
	Names() []string
}

// Map is a Scope over a fixed map.
type Map map[string]Value

// Lookup finds name in the map.
func (m Map) Lookup(name string) (Value, bool) {
	v, ok := m[name]
	return v, ok
}

// Names lists the map's names in no order.
func (m Map) Names() []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	return names
}

// Chain is a Scope that asks several in turn.
type Chain []Scope

// Lookup asks each scope, the first answer wins.
func (c Chain) Lookup(name string) (Value, bool) {
	for _, s := range c {
		if v, ok := s.Lookup(name); ok {
			return v, true
		}
	}
	return nil, false
}

// Names lists the names of all scopes that can list theirs.
func (c Chain) Names() []string {
	var names []string
	for _, s := range c {
		if n, ok := s.(Namer); ok {
			names = append(names, n.Names()...)
		}
	}
	return names
}
