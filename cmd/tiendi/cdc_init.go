package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/tiendi/tiendi/internal/ingest/cdc"
	"github.com/tiendi/tiendi/internal/transform/compile"
)

func newCDCInitCommand(app *App) *cobra.Command {
	var dryRun bool
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Make the marketplace's tables and the publication in the source database",
		Long: "Makes the tables that the project's raw models mirror (users, stores, products, orders,\n" +
			"order_items, subscriptions) in a database that has no shop yet, and the publication. Run it\n" +
			"again after an upgrade: only what is missing is made. A database with a shop of its own\n" +
			"needs none of this.",
		Example: "  tiendi cdc init --dry-run   # the SQL\n  tiendi cdc init\n  tiendi generate --to postgres",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return runCDCInit(cmd.Context(), app, dryRun) },
	}
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "print the SQL, and do nothing")
	return cmd
}

func runCDCInit(ctx context.Context, app *App, dryRun bool) error {
	s, err := app.begin(compile.Flags{Which: "cdc"})
	if err != nil {
		return err
	}
	o := app.cdcSource(s.settings)
	if o.URL == "" {
		return errNoSource
	}
	steps, err := cdc.Init(ctx, o, dryRun)
	if err != nil {
		return err
	}
	for _, step := range steps {
		if dryRun {
			fmt.Fprintf(app.Console.Out, "-- %s\n%s\n", step.Name, step.SQL)
		} else {
			app.Console.Notice("made: %s", step.Name)
		}
	}
	if len(steps) == 0 {
		app.Console.Notice("nothing to do: tables and publication are there")
	}
	return nil
}
