package main

import (
	"github.com/spf13/cobra"

	"github.com/tiendi/tiendi/internal/local"
)

// commands lists every subcommand.
func commands(app *App) []*cobra.Command {
	return []*cobra.Command{
		newGenerateCommand(app.Console.Out, app.Now, (&steps{app: app}).show),
		newLoadCommand(app),
		newSeedCommand(app),
		newRunCommand(app),
		newBuildCommand(app),
		newTestCommand(app),
		newReportCommand(app),
		newLocalCommand(app.Console, func() (local.Options, func(), error) { return app.localOptions("") }),
	}
}
