package graph

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/spelling"
)

// Indirect says which tests a selection of other nodes takes along.
type Indirect string

// dbt's modes of indirect selection.
const (
	Eager     Indirect = "eager"     // tests that touch any selected node (the default)
	Cautious  Indirect = "cautious"  // tests whose parents are all selected
	Buildable Indirect = "buildable" // cautious, ancestors of selected nodes counting too
	Empty     Indirect = "empty"     // none
)

// ParseIndirect reads a mode of indirect selection.
func ParseIndirect(mode string) (Indirect, error) {
	known := []string{string(Eager), string(Cautious), string(Buildable), string(Empty)}
	if slices.Contains(known, mode) {
		return Indirect(mode), nil
	}
	hint := "write one of: " + strings.Join(known, ", ")
	if near := spelling.Near(mode, known); near != "" {
		hint = "did you mean " + near + "?"
	}
	return "", fmt.Errorf("there is no indirect selection %q\n  %s", mode, hint)
}

// tests adds the tests of selected nodes; those that lack a parent come back
// apart.
func (s *selection) tests(selected set, mode Indirect) (direct, indirect set) {
	direct, indirect = append(set(nil), selected...), make(set, len(selected))
	if mode == Empty {
		return direct, indirect
	}
	enough := selected
	if mode == Buildable {
		enough = or(selected, reach(selected, s.g.parents, -1))
		for i, n := range s.g.nodes {
			enough[i] = enough[i] || n.Kind == project.Source
		}
	}
	for i, in := range selected {
		if !in {
			continue
		}
		for _, child := range s.g.children[i] {
			if k := s.g.nodes[child].Kind; k != project.Test && k != project.UnitTest {
				continue
			}
			if mode == Eager || s.within(child, enough) {
				direct[child] = true
			} else {
				indirect[child] = true
			}
		}
	}
	return direct, indirect
}

// within says whether all that a node depends on is in a set.
func (s *selection) within(node int, in set) bool {
	for _, p := range s.g.parents[node] {
		if !in[p] {
			return false
		}
	}
	return true
}

// incorporate takes the tests whose parents are all there after combining.
func (s *selection) incorporate(direct, indirect set, mode Indirect) set {
	if mode != Cautious && mode != Buildable {
		return direct
	}
	enough := direct
	if mode == Buildable {
		enough = or(direct, reach(direct, s.g.parents, -1))
	}
	out := append(set(nil), direct...)
	for i, in := range indirect {
		if in && s.g.nodes[i].Kind == project.Test && s.within(i, enough) {
			out[i] = true
		}
	}
	return out
}
