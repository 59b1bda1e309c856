package main

import "github.com/spf13/cobra"

func newRunCommand(app *App) *cobra.Command {
	return builder(app, "run", &cobra.Command{
		Use:   "run",
		Short: "Build models",
		Long: "Builds the selected models in the warehouse, each after what it depends on. Every\n" +
			"table is built aside and put in place at once: readers see the old or the new one.",
		Example: "  tiendi run\n" +
			"  tiendi run -s +sales_mart\n" +
			"  tiendi run -s events_staging+ --full-refresh",
	}, (*buildOptions).modelFlags)
}
