package main

import "github.com/spf13/cobra"

func newBuildCommand(app *App) *cobra.Command {
	return builder(app, "build", &cobra.Command{
		Use:   "build",
		Short: "Build and test everything: seeds, models, tests",
		Long: "Builds the selected seeds and models and runs their tests, in the order of the DAG.\n" +
			"What stands on a model whose test fails is skipped.",
		Example: "  tiendi build\n" +
			"  tiendi build -s path:models/marts --fail-fast",
	}, (*buildOptions).modelFlags, (*buildOptions).testFlags)
}
