package graph

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/tiendi/tiendi/internal/project"
)

// stateMatcher compares with an earlier run.
func (s *selection) stateMatcher(c spec) (test, error) {
	switch c.method {
	case "result":
		if s.env.Results == nil {
			return nil, fmt.Errorf("selector %q: there is no run_results.json of an earlier run to look at; name its folder with --state", c.raw)
		}
		return sure(func(n *project.Node) bool { return s.env.Results.Result(n.UniqueID) == c.value }), nil
	case "source_status":
		if s.env.Results == nil {
			return nil, fmt.Errorf("selector %q: there is no sources.json of an earlier run to look at; name its folder with --state", c.raw)
		}
		if c.value != "fresher" {
			return nil, fmt.Errorf("selector %q: write source_status:fresher", c.raw)
		}
		return func(n *project.Node) (bool, error) {
			if n.Kind != project.Source {
				return false, nil
			}
			return s.env.Results.Fresher(n.UniqueID)
		}, nil
	case "state":
		if s.env.State == nil {
			return nil, fmt.Errorf("selector %q: there is no manifest.json of an earlier run to compare with; name its folder with --state", c.raw)
		}
		return stateTest(c, s.env.State)
	}
	return nil, errors.New("method " + c.method + " cannot be used here")
}

var stateAspects = []string{"body", "configs", "relation", "persisted_descriptions", "macros", "contract"}

func stateTest(c spec, state State) (test, error) {
	what, aspect, _ := strings.Cut(c.value, ".")
	switch {
	case what == "new" && aspect == "":
		return sure(func(n *project.Node) bool { return !state.Has(n.UniqueID) }), nil
	case what == "old" && aspect == "":
		return sure(func(n *project.Node) bool { return state.Has(n.UniqueID) }), nil
	case what == "unmodified" && aspect == "":
		return func(n *project.Node) (bool, error) {
			modified, err := state.Modified(n, "")
			return state.Has(n.UniqueID) && !modified, err
		}, nil
	case what == "modified" && (aspect == "" || slices.Contains(stateAspects, aspect)):
		return func(n *project.Node) (bool, error) {
			if !state.Has(n.UniqueID) {
				return true, nil
			}
			return state.Modified(n, aspect)
		}, nil
	}
	return nil, fmt.Errorf("selector %q: write state:new, state:old, state:modified or state:unmodified; modified may be narrowed: state:modified.%s",
		c.raw, strings.Join(stateAspects, ", state:modified."))
}
