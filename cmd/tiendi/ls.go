package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/transform/compile"
)

type lsOptions struct {
	selection
	output string
	keys   []string
}

func newLsCommand(app *App) *cobra.Command {
	o := &lsOptions{}
	o.hollow = true
	cmd := &cobra.Command{
		Use:     "ls",
		Aliases: []string{"list"},
		Short:   "List the nodes of the project",
		Long:    "Lists what a selection takes, one node a line on standard output, for reading or for scripts.",
		Example: "  tiendi ls\n" +
			"  tiendi ls -s +sales_mart --resource-type model --output name\n" +
			"  tiendi ls -s tag:nightly --output json --output-keys 'name config.materialized depends_on'\n" +
			"  tiendi ls -s state:modified+ --state prod-artifacts --output path",
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error { return runLs(cmd.Context(), app, o, args) },
	}
	cmd.AddCommand(newListCommands(app)...)
	o.addFlags(cmd.Flags())
	cmd.Flags().StringVarP(&o.output, "output", "o", "selector", "selector, name, path or json")
	cmd.Flags().StringSliceVar(&o.keys, "output-keys", nil, "keys of the JSON objects, a.b for nested ones")
	return cmd
}

// lsKeys are the keys that dbt ls --output json prints.
var lsKeys = []string{
	"name", "resource_type", "package_name", "original_file_path", "unique_id",
	"source_name", "alias", "config", "tags", "depends_on",
}

func runLs(ctx context.Context, app *App, o *lsOptions, args []string) error {
	line, err := o.line()
	if err != nil {
		return err
	}
	s, err := app.open(ctx, compile.Flags{Which: "list"})
	if err != nil {
		return err
	}
	defer s.close()
	o.selects = append(o.selects, args...) // `-s a b`, as in dbt
	nodes, err := o.nodes(s)
	if err != nil {
		return err
	}
	slices.SortFunc(nodes, func(a, b *project.Node) int { return strings.Compare(a.UniqueID, b.UniqueID) })
	if len(nodes) == 0 {
		app.Console.Notice("nothing is selected")
		return nil
	}
	var out strings.Builder
	for _, n := range nodes {
		out.WriteString(line(s.manifest, n))
		out.WriteByte('\n')
	}
	_, err = io.WriteString(app.Console.Out, out.String())
	return err
}

// line is how one node is printed.
func (o *lsOptions) line() (func(*compile.Manifest, *project.Node) string, error) {
	if len(o.keys) > 0 && o.output != "json" {
		return nil, fmt.Errorf("--output-keys needs --output json")
	}
	switch o.output {
	case "selector":
		return func(_ *compile.Manifest, n *project.Node) string { return selectorOf(n) }, nil
	case "name":
		return func(_ *compile.Manifest, n *project.Node) string { return searchName(n) }, nil
	case "path":
		return func(_ *compile.Manifest, n *project.Node) string { return n.Path }, nil
	case "json":
		keys := lsKeys
		if len(o.keys) > 0 {
			keys = strings.Fields(strings.Join(o.keys, " "))
		}
		return func(m *compile.Manifest, n *project.Node) string { return string(m.NodeJSON(n, keys)) }, nil
	}
	return nil, fmt.Errorf("unknown --output %q: use selector, name, path or json", o.output)
}

// selectorOf is a text that selects the node alone.
func selectorOf(n *project.Node) string {
	switch n.Kind {
	case project.Source:
		return "source:" + n.Package + "." + n.Source.SourceName + "." + n.Name
	case project.Exposure, project.Metric, project.Semantic, project.SavedQuery:
		return string(n.Kind) + ":" + n.Package + "." + n.Name
	}
	return strings.Join(n.FQN, ".")
}

// searchName is what ref or source calls the node.
func searchName(n *project.Node) string {
	switch {
	case n.Kind == project.Source:
		return n.Source.SourceName + "." + n.Name
	case n.Version != "":
		return n.Name + ".v" + n.Version
	}
	return n.Name
}
