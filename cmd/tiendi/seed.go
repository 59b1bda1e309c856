package main

import (
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func newSeedCommand(app *App) *cobra.Command {
	return builder(app, "seed", &cobra.Command{
		Use:     "seed",
		Short:   "Load the project's CSV seeds",
		Example: "  tiendi seed\n  tiendi seed -s countries",
	}, func(o *buildOptions, flags *pflag.FlagSet) {
		flags.BoolVarP(&o.fullRefresh, "full-refresh", "f", false, "taken for dbt's sake: seeds are always built anew")
	})
}
