package main

import "github.com/spf13/cobra"

// commands lists every subcommand, in the order of help's groups.
func commands(app *App) []*cobra.Command {
	return []*cobra.Command{
		newGenerateCommand(app.Console.Out, app.Now, (&steps{app: app}).show),
		newReportCommand(app),
	}
}
