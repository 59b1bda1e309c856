package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/transform/compile"
)

type compileOptions struct {
	selection
	inline      string
	fullRefresh bool
}

func newCompileCommand(app *App) *cobra.Command {
	o := &compileOptions{}
	cmd := &cobra.Command{
		Use:   "compile",
		Short: "Write the SQL that the models and tests come to",
		Long: "Renders the Jinja of models, tests and analyses into target/compiled, without building\n" +
			"anything. Templates may ask the warehouse (is_incremental, run_query). With one node\n" +
			"selected, or with --inline, the SQL is printed as well.",
		Example: "  tiendi compile\n" +
			"  tiendi compile -s sales_mart\n" +
			"  tiendi compile --inline \"select count() from {{ ref('sales_mart') }}\"",
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error { return runCompile(cmd.Context(), app, o, args) },
	}
	o.addFlags(cmd.Flags())
	cmd.Flags().StringVar(&o.inline, "inline", "", "SQL with Jinja to compile instead of nodes")
	cmd.Flags().BoolVarP(&o.fullRefresh, "full-refresh", "f", false, "compile incremental models as if they were built anew")
	return cmd
}

func runCompile(ctx context.Context, app *App, o *compileOptions, args []string) error {
	if o.inline != "" && len(o.selects) > 0 {
		return errors.New("--inline and --select cannot be given together")
	}
	s, err := app.open(ctx, compile.Flags{Which: "compile", FullRefresh: o.fullRefresh})
	if err != nil {
		return err
	}
	defer s.close()
	c, err := s.compiler(ctx)
	if err != nil {
		return err
	}
	if o.inline != "" {
		sql, err := c.Inline(ctx, o.inline)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(app.Console.Out, sql)
		return err
	}
	o.selects = append(o.selects, args...) // `-s a b`, as in dbt
	nodes, err := o.nodes(s)
	if err != nil {
		return err
	}
	nodes = slices.DeleteFunc(nodes, func(n *project.Node) bool { return !compiles(n) })
	if len(nodes) == 0 {
		return errors.New("nothing to compile is selected\n  see what a selection takes: tiendi ls -s …")
	}
	return s.compileAll(ctx, c, nodes)
}

// compiles says whether a node has SQL of its own.
func compiles(n *project.Node) bool {
	return n.Kind == project.Model || n.Kind == project.Test || n.Kind == project.Analysis
}

// compiler opens the warehouse for templates that ask it.
func (s *session) compiler(ctx context.Context) (*compile.Compiler, error) {
	client, err := s.connect(ctx)
	if err != nil {
		return nil, err
	}
	return s.manifest.Compiler(client), nil
}

// compileAll compiles nodes into the target folder and reports every failure.
func (s *session) compileAll(ctx context.Context, c *compile.Compiler, nodes []*project.Node) error {
	alone := shown(nodes)
	var mu sync.Mutex
	var failures []error
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(max(1, s.settings.Threads))
	for _, n := range nodes {
		group.Go(func() error {
			out, err := c.Compile(ctx, n, nil)
			if err == nil {
				return s.compiled(n, out, n == alone)
			}
			mu.Lock()
			defer mu.Unlock()
			failures = append(failures, err)
			return ctx.Err()
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	if err := s.manifest.WriteJSON(s.targetDir()); err != nil {
		return err
	}
	if len(failures) > 0 {
		return &failedError{err: errors.Join(failures...)}
	}
	s.app.Console.Notice("%d compiled into %s", len(nodes), s.targetDir())
	return nil
}

// compiled stores one node's SQL, and prints it when it is asked for alone.
func (s *session) compiled(n *project.Node, out compile.Compiled, alone bool) error {
	if err := out.Write(s.targetDir()); err != nil {
		return fmt.Errorf("%s: %w", n.UniqueID, err)
	}
	if !alone {
		return nil
	}
	_, err := io.WriteString(s.app.Console.Out, out.SQL+"\n")
	return err
}
