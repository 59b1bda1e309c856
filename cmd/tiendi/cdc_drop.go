package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/tiendi/tiendi/internal/ingest/cdc"
	"github.com/tiendi/tiendi/internal/transform/compile"
)

func newCDCDropCommand(app *App) *cobra.Command {
	return &cobra.Command{
		Use:   "drop",
		Short: "Remove the slot and the publication from the source database",
		Long: "Removes the replication slot, the publication and what is known of them. A slot that\n" +
			"nobody reads makes PostgreSQL keep its log until the disk is full. The tables stay, and so\n" +
			"does what the warehouse has; tiendi cdc begins anew afterwards, with a snapshot.",
		Example: "  tiendi cdc drop",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return runCDCDrop(cmd.Context(), app) },
	}
}

func runCDCDrop(ctx context.Context, app *App) error {
	s, err := app.begin(compile.Flags{Which: "cdc"})
	if err != nil {
		return err
	}
	wiring, o, err := s.cdcOptions(ctx)
	if err != nil {
		return err
	}
	defer wiring.close()
	dropped, err := cdc.Drop(ctx, o)
	for _, what := range dropped {
		app.Console.Notice("removed: %s", what)
	}
	if err == nil && len(dropped) == 0 {
		app.Console.Notice("nothing to do: there is no slot %s and no publication %s", o.Slot, o.Publication)
	}
	return err
}
