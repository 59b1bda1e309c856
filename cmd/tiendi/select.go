package main

import (
	"path/filepath"

	"github.com/spf13/pflag"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/project/graph"
)

// selection is dbt's flags that choose nodes.
type selection struct {
	selects, excludes  []string
	selector, indirect string
}

func (s *selection) addFlags(flags *pflag.FlagSet) {
	flags.StringArrayVarP(&s.selects, "select", "s", nil, "nodes to take: sales_mart, +sales_mart, tag:daily, path:models/marts")
	flags.StringArrayVar(&s.excludes, "exclude", nil, "nodes to leave out, written as for --select")
	flags.StringVar(&s.selector, "selector", "", "a selector of selectors.yml")
	flags.StringVar(&s.indirect, "indirect-selection", "eager", "which tests come along: eager, cautious, buildable or empty")
}

// nodes gives the nodes chosen, in the order of the DAG. Further arguments of
// the command line count as --select, so that `-s a b` works as in dbt.
func (s *session) nodes(sel *selection, args []string) ([]*project.Node, error) {
	root := s.manifest.Project.Root()
	env := graph.Env{
		Package: root.Name, Root: root.Root, Indirect: graph.Indirect(sel.indirect),
		Selectors: s.manifest.Project.Selectors,
		Warn:      func(text string) { s.app.Console.Notice("%s", text) },
	}
	if sel.selector != "" {
		return graph.Named(s.manifest.Graph, sel.selector, env)
	}
	return graph.Select(s.manifest.Graph, append(sel.selects[:len(sel.selects):len(sel.selects)], args...), sel.excludes, env)
}

// targetDir is where compiled SQL and artifacts go.
func (s *session) targetDir() string {
	dir := s.app.flags.targetPath
	if dir == "" {
		dir = s.manifest.Project.Root().TargetPath
	}
	if filepath.IsAbs(dir) {
		return dir
	}
	return filepath.Join(s.dir, dir)
}
