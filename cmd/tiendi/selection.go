package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/project/graph"
)

// selection is how a command line names nodes, by dbt's flags.
type selection struct {
	selects, excludes  []string
	selector, indirect string
	state              string
	kinds, notKinds    []string
	hollow             bool // files that hold nothing count too
}

func (sel *selection) addFlags(flags *pflag.FlagSet) {
	flags.StringArrayVarP(&sel.selects, "select", "s", nil, "nodes to take: sales_mart, +sales_mart, tag:daily, path:models/marts, state:modified+")
	flags.StringArrayVarP(&sel.selects, "models", "m", nil, "as --select")
	flags.StringArrayVar(&sel.excludes, "exclude", nil, "nodes to leave out, written as for --select")
	flags.StringVar(&sel.selector, "selector", "", "a selector of selectors.yml")
	flags.StringVar(&sel.indirect, "indirect-selection", "eager", "which tests come along: eager, cautious, buildable or empty")
	flags.StringVar(&sel.state, "state", "", "folder with an earlier run's artifacts, for state: and result:")
	flags.StringSliceVar(&sel.kinds, "resource-type", nil, "kinds to take: "+strings.Join(kindNames, ", "))
	flags.StringSliceVar(&sel.notKinds, "exclude-resource-type", nil, "kinds to leave out")
	_ = flags.MarkHidden("models") // dbt's older name
}

// kindNames are the resource types that can be selected.
var kindNames = []string{"model", "seed", "test", "source", "analysis", "snapshot", "exposure", "metric", "semantic_model", "saved_query"}

// nodes gives the selected nodes of the session, in the order of the DAG.
func (sel *selection) nodes(s *session) ([]*project.Node, error) {
	for _, kind := range slices.Concat(sel.kinds, sel.notKinds) {
		if kind != "all" && !slices.Contains(kindNames, kind) {
			return nil, fmt.Errorf("there is no resource type %q: use one of %s", kind, strings.Join(kindNames, ", "))
		}
	}
	env, err := sel.env(s)
	if err != nil {
		return nil, err
	}
	named := sel.selector
	if named == "" && len(sel.selects) == 0 && len(sel.excludes) == 0 {
		named = graph.DefaultSelector(env.Selectors)
	}
	var nodes []*project.Node
	if named != "" {
		nodes, err = graph.Named(s.manifest.Graph, named, env)
	} else {
		nodes, err = graph.Select(s.manifest.Graph, sel.selects, sel.excludes, env)
	}
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(nodes), func(n *project.Node) bool { return !sel.takes(n.Kind) }), nil
}

func (sel *selection) takes(kind project.Kind) bool {
	if slices.Contains(sel.notKinds, string(kind)) {
		return false
	}
	return len(sel.kinds) == 0 || slices.Contains(sel.kinds, string(kind)) || slices.Contains(sel.kinds, "all")
}

// env is what selecting looks at beyond the graph.
func (sel *selection) env(s *session) (graph.Env, error) {
	root := s.manifest.Project.Root()
	env := graph.Env{
		Package: root.Name, Root: root.Root, Selectors: s.manifest.Project.Selectors,
		Hollow: sel.hollow, Warn: func(text string) { s.app.Console.Notice("%s", text) },
	}
	var err error
	if env.Indirect, err = graph.ParseIndirect(sel.indirect); err != nil {
		return env, err
	}
	if sel.state == "" {
		return env, nil
	}
	dir, err := filepath.Abs(sel.state)
	if err != nil {
		return env, fmt.Errorf("--state: %w", err)
	}
	if env.State, err = graph.ReadState(dir, s.manifest.MacroSource); err != nil {
		return env, err
	}
	env.Results, err = graph.ReadResults(dir, s.targetDir())
	return env, err
}
