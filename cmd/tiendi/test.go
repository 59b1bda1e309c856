package main

import "github.com/spf13/cobra"

func newTestCommand(app *App) *cobra.Command {
	return builder(app, "test", &cobra.Command{
		Use:   "test",
		Short: "Run data tests",
		Example: "  tiendi test\n" +
			"  tiendi test -s orders_staging --store-failures",
	}, (*buildOptions).testFlags)
}
