package compile

import (
	"context"
	"slices"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/project/jinja"
)

// scope is what one template sees: dbt's context for one node. It belongs to
// one render and is used by one goroutine.
type scope struct {
	*environment
	ctx  context.Context
	node *project.Node // nil for pieces of the project itself
	pkg  string        // package whose macros and vars come first

	parsing *recording // while parsing: what is found out; nil while compiling
	run     *running   // while compiling

	extra   map[string]jinja.Value // wins over everything: test arguments, results of a run
	values  map[string]jinja.Value // members and macros already made
	results map[string]jinja.Value // load_result, by name of the statement
	depth   int                    // macros being run
}

// recording is what a template is found to need while it is parsed.
type recording struct {
	refs     []project.Ref
	sources  []project.SourceRef
	macros   []string
	configs  []map[string]any
	unknown  map[string]bool // names that nothing defines
	problems project.Problems
}

// running is what compiling adds.
type running struct {
	compiler *Compiler
	batch    *Batch
	ctes     []string // unique ids of ephemeral models met, in order
	loose    bool     // refs need not be among the node's dependencies (inline, hooks)
}

func (e *environment) scope(ctx context.Context, n *project.Node, pkg string) *scope {
	return &scope{environment: e, ctx: ctx, node: n, pkg: pkg, values: map[string]jinja.Value{}}
}

func (s *scope) executing() bool { return s.run != nil }

// Lookup finds a name as dbt does: macros before the context's own members.
func (s *scope) Lookup(name string) (jinja.Value, bool) {
	if v, ok := s.extra[name]; ok {
		return v, true
	}
	if v, ok := s.values[name]; ok {
		return v, true
	}
	v := s.make(name)
	if v == nil {
		if s.parsing != nil && !slices.Contains(engineNames, name) {
			s.parsing.miss(name)
		}
		return nil, false
	}
	s.values[name] = v
	return v, true
}

func (s *scope) make(name string) jinja.Value {
	if m := s.macros.find(s.pkg, name); m != nil {
		return s.bind(m)
	}
	if s.macros.namespace(name) != nil {
		return &packageValue{scope: s, name: name}
	}
	return s.member(name)
}

// Names lists what a template may name, for hints.
func (s *scope) Names() []string {
	return slices.Concat(s.macros.names(s.pkg), memberNames, engineNames)
}

// bind makes a macro callable in this scope.
func (s *scope) bind(m *macroDef) jinja.Value {
	key := m.UniqueID
	if v, ok := s.values[key]; ok {
		return v
	}
	v := &macroValue{scope: s, macro: m, bound: m.def.Bind(s)}
	s.values[key] = v
	return v
}

func (r *recording) miss(name string) {
	if r.unknown == nil {
		r.unknown = map[string]bool{}
	}
	r.unknown[name] = true
}

// macroValue is a macro that a template may call. Macros that the template
// calls itself, not through others, are what its node depends on.
type macroValue struct {
	scope *scope
	macro *macroDef
	bound *jinja.Macro
}

// Type is the name of Jinja's class.
func (*macroValue) Type() string { return "Macro" }

// Call runs the macro.
func (v *macroValue) Call(c *jinja.Call) (jinja.Value, error) {
	s := v.scope
	if s.depth == 0 && s.parsing != nil {
		s.parsing.macro(v.macro.UniqueID)
	}
	s.depth++
	defer func() { s.depth-- }()
	return c.Invoke(v.bound, c.Args, c.Kwargs)
}

// Attr gives what Jinja tells of a macro: name, arguments.
func (v *macroValue) Attr(name string) (jinja.Value, bool) { return v.bound.Attr(name) }

// String prints as Jinja's macros do.
func (v *macroValue) String() string { return v.bound.String() }

func (r *recording) macro(id string) {
	for _, m := range r.macros {
		if m == id {
			return
		}
	}
	r.macros = append(r.macros, id)
}

// packageValue is a package named in a template: dbt_utils.star.
type packageValue struct {
	scope *scope
	name  string
}

// Type is the name of the class that dbt uses.
func (*packageValue) Type() string { return "dict" }

// Attr finds a macro of the package.
func (p *packageValue) Attr(name string) (jinja.Value, bool) {
	if m := p.scope.macros.namespace(p.name)[name]; m != nil {
		return p.scope.bind(m), true
	}
	if p.scope.parsing != nil {
		p.scope.parsing.miss(p.name + "." + name)
	}
	return nil, false
}

// Item finds a macro by package['name'].
func (p *packageValue) Item(key jinja.Value) (jinja.Value, bool) {
	name, ok := key.(jinja.Str)
	if !ok {
		return nil, false
	}
	return p.Attr(string(name))
}
