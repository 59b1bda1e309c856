package main

import (
	"context"
	"errors"
	"fmt"
	"time"

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
		app.showFreshness(c)
	}
	app.sumUpFreshness(checks)
	if errors.Is(err, run.ErrFailed) {
		return &failedError{err: err, quiet: true}
	}
	return err
}

// showFreshness prints one source's line; those that are fresh say nothing
// where only errors are wanted.
func (a *App) showFreshness(c run.Freshness) {
	name := c.Source.Source.SourceName + "." + c.Source.Name
	if a.json {
		a.Log.Info("source checked", "unique_id", c.Source.UniqueID, "status", freshnessStatus(c), "message", freshnessText(c))
		return
	}
	tell, style, word := a.Console.Notice, console.Good, "PASS"
	switch freshnessStatus(c) {
	case "runtime error":
		tell, style, word = a.Console.Print, console.Bad, "ERROR"
	case "error":
		tell, style, word = a.Console.Print, console.Bad, "STALE"
	case "warn":
		tell, style, word = a.Console.Print, console.Warn, "WARN"
	}
	tell("%s %s %s", a.Console.Paint(style, fmt.Sprintf("%-5s", word)), name, freshnessText(c))
}

func freshnessStatus(c run.Freshness) string {
	if c.Err != nil {
		return "runtime error"
	}
	return c.Fresh.Status
}

func freshnessText(c run.Freshness) string {
	switch age := c.Fresh.Age(); {
	case c.Err != nil:
		return "could not be checked: " + c.Err.Error()
	case c.Fresh.MaxLoadedAt.Unix() == 0:
		return "is empty"
	case age < 0:
		return "has its newest row in the future, at " + c.Fresh.MaxLoadedAt.Format(time.DateTime) + " UTC"
	default:
		return "is " + console.Duration(age) + " old"
	}
}

// sumUpFreshness prints the closing line.
func (a *App) sumUpFreshness(checks []run.Freshness) {
	counts := map[string]int{}
	for _, c := range checks {
		counts[freshnessStatus(c)]++
	}
	if a.json {
		a.Log.Info("freshness finished", "pass", counts["pass"], "warn", counts["warn"], "error", counts["error"]+counts["runtime error"], "total", len(checks))
		return
	}
	a.Console.Notice("\nDone. PASS=%d WARN=%d ERROR=%d TOTAL=%d", counts["pass"], counts["warn"], counts["error"]+counts["runtime error"], len(checks))
}
