package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/tiendi/tiendi/internal/console"
	"github.com/tiendi/tiendi/internal/transform/compile"
	"github.com/tiendi/tiendi/internal/transform/run"
)

func newSourceCommand(app *App) *cobra.Command {
	cmd := &cobra.Command{Use: "source", Short: "Look at the project's sources", Args: cobra.NoArgs}
	cmd.AddCommand(newSourceFreshnessCommand(app))
	return cmd
}

func newSourceFreshnessCommand(app *App) *cobra.Command {
	o := &buildOptions{}
	cmd := &cobra.Command{
		Use:     "freshness",
		Short:   "Check how old the sources' newest data are",
		Example: "  tiendi source freshness\n  tiendi source freshness -s source:shop",
		Args:    cobra.ArbitraryArgs,
		RunE:    func(cmd *cobra.Command, args []string) error { return runSourceFreshness(cmd.Context(), app, o, args) },
	}
	o.addFlags(cmd.Flags())
	return cmd
}

func runSourceFreshness(ctx context.Context, app *App, o *buildOptions, args []string) error {
	s, err := app.openConnected(ctx, compile.Flags{Which: "freshness"})
	if err != nil {
		return err
	}
	defer s.close()
	nodes, err := s.selected(o, args)
	if err != nil {
		return err
	}
	if err := s.manifest.WriteJSON(s.targetDir()); err != nil {
		return err
	}
	options, err := s.runOptions(ctx, "freshness", o, nodes)
	if err != nil {
		return err
	}
	checks, err := run.CheckSources(ctx, options)
	for _, c := range checks {
		name := c.Source.Source.SourceName + "." + c.Source.Name
		switch {
		case c.Err != nil:
			app.Console.Print("%s %s: %s", app.Console.Paint(console.Bad, "ERROR"), name, c.Err)
		case c.Fresh.Status == "error":
			app.Console.Print("%s %s is %s old", app.Console.Paint(console.Bad, "STALE"), name, console.Duration(c.Fresh.Age()))
		case c.Fresh.Status == "warn":
			app.Console.Print("%s  %s is %s old", app.Console.Paint(console.Warn, "WARN"), name, console.Duration(c.Fresh.Age()))
		default:
			app.Console.Notice("%s  %s is %s old", app.Console.Paint(console.Good, "PASS"), name, console.Duration(c.Fresh.Age()))
		}
	}
	if errors.Is(err, run.ErrFailed) {
		return &failedError{err: err, quiet: true}
	}
	return err
}
