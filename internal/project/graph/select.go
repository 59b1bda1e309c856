package graph

import (
	"strings"

	"github.com/tiendi/tiendi/internal/project"
)

// Env is what selecting looks at beyond the graph.
type Env struct {
	Package   string       // the root project's name: what "this" means
	Root      string       // the root project's folder: where path: starts
	Indirect  Indirect     // "" is Eager
	Selectors []any        // of selectors.yml, for --selector and selector:
	State     State        // nil: state: is an error
	Hollow    bool         // take files that hold nothing too, as ls does
	Results   Results      // nil: result: and source_status: are errors
	Warn      func(string) // nil: warnings are dropped
}

// State is an earlier run's manifest to compare with (--state).
type State interface {
	// Has says whether the node was there.
	Has(id string) bool
	// Modified says whether what the method's argument names (body, configs,
	// relation, persisted_descriptions, macros, contract; "" is any) differs.
	Modified(n *project.Node, what string) (bool, error)
}

// Results is an earlier run's run_results.json and sources.json.
type Results interface {
	// Result is the status of a node: success, error, fail, skipped, …; "" for none.
	Result(id string) string
	// Fresher says whether a source has newer data than in the earlier run.
	Fresher(id string) (bool, error)
}

// Select gives the nodes that the select arguments take and the exclude
// arguments leave, in the order of g.Nodes. Each argument may hold several
// selectors separated by spaces; no select argument takes every node.
func Select(g *Graph, selects, excludes []string, env Env) ([]*project.Node, error) {
	env, err := env.standard()
	if err != nil {
		return nil, err
	}
	included := everything(env.Indirect)
	if len(selects) > 0 {
		if included, err = parseArguments(selects, env.Indirect); err != nil {
			return nil, err
		}
	}
	excluded, err := parseArguments(excludes, env.Indirect)
	if err != nil {
		return nil, err
	}
	return run(g, spec{op: difference, parts: []spec{included, excluded}, indirect: Eager}, env)
}

func (env Env) standard() (Env, error) {
	if env.Indirect == "" {
		env.Indirect = Eager
	}
	if env.Warn == nil {
		env.Warn = func(string) {}
	}
	_, err := ParseIndirect(string(env.Indirect))
	return env, err
}

// everything is what dbt selects when nothing is said.
func everything(indirect Indirect) spec {
	all := spec{op: union, indirect: indirect}
	for _, method := range []string{"fqn", "source", "exposure", "metric", "semantic_model"} {
		all.parts = append(all.parts, spec{method: method, value: "*", parentsDepth: -1, childrenDepth: -1, indirect: indirect})
	}
	return all
}

// run selects, and leaves out files that hold nothing.
func run(g *Graph, s spec, env Env) ([]*project.Node, error) {
	sel := &selection{g: g, env: env}
	direct, _, err := sel.recurse(s)
	if err != nil {
		return nil, err
	}
	var nodes []*project.Node
	for i, in := range direct {
		if in && (env.Hollow || !hollow(g.nodes[i])) {
			nodes = append(nodes, g.nodes[i])
		}
	}
	return nodes, nil
}

// hollow says whether a node's file holds nothing to run.
func hollow(n *project.Node) bool {
	switch n.Kind {
	case project.Model, project.Test, project.Analysis, project.Operation:
		return strings.TrimSpace(n.Raw) == ""
	}
	return false
}

// selection is the state of one selecting.
type selection struct {
	g   *Graph
	env Env
}

// recurse gives the nodes that a spec takes, and with them tests that may
// come along once their other parents are selected too.
func (s *selection) recurse(sp spec) (direct, indirect set, err error) {
	if sp.op == criterion {
		return s.criterion(sp)
	}
	var directs, both []set
	for _, part := range sp.parts {
		d, i, err := s.recurse(part)
		if err != nil {
			return nil, nil, err
		}
		directs, both = append(directs, d), append(both, or(d, i))
	}
	direct, indirect = s.combine(sp.op, directs), s.combine(sp.op, both)
	direct = s.incorporate(direct, indirect, sp.indirect)
	if sp.expected && !some(direct) {
		s.env.Warn("the selector " + sp.raw + " matches no enabled node")
	}
	return direct, indirect, nil
}

// combine joins sets as an operation says.
func (s *selection) combine(op operation, sets []set) set {
	if len(sets) == 0 {
		return make(set, len(s.g.nodes))
	}
	out := append(set(nil), sets[0]...)
	for _, other := range sets[1:] {
		for i := range out {
			switch op {
			case intersection:
				out[i] = out[i] && other[i]
			case difference:
				out[i] = out[i] && !other[i]
			default:
				out[i] = out[i] || other[i]
			}
		}
	}
	return out
}

func or(a, b set) set {
	out := append(set(nil), a...)
	for i, in := range b {
		out[i] = out[i] || in
	}
	return out
}

func some(s set) bool {
	for _, in := range s {
		if in {
			return true
		}
	}
	return false
}

// criterion takes the nodes that match, their relatives, and their tests.
func (s *selection) criterion(c spec) (direct, indirect set, err error) {
	matched, err := s.match(c)
	if err != nil {
		return nil, nil, err
	}
	selected := matched
	if c.at {
		below := or(reach(matched, s.g.children, -1), matched)
		selected = or(or(selected, below), reach(below, s.g.parents, -1))
	}
	if c.parents {
		selected = or(selected, reach(matched, s.g.parents, c.parentsDepth))
	}
	if c.children {
		selected = or(selected, reach(matched, s.g.children, c.childrenDepth))
	}
	direct, indirect = s.tests(selected, c.indirect)
	return direct, indirect, nil
}
