package main

import (
	"github.com/spf13/cobra"

	"github.com/tiendi/tiendi"
)

// group is a part of the help: what its commands are for.
type group struct {
	title    string
	commands []*cobra.Command
}

func groups(app *App) []group {
	return []group{
		{"Bring data in:", []*cobra.Command{
			newGenerateCommand(app.Console.Out, app.Now, (&steps{app: app}).show, app.sourceURL),
			newLoadCommand(app),
			newSeedCommand(app),
			newEventsCommand(app),
			newCollectCommand(app), newProbeCommand(app), newStreamCommand(app), newCDCCommand(app), newArchiveCommand(app),
		}},
		{"Build and test models:", []*cobra.Command{
			newBuildCommand(app), newRunCommand(app), newTestCommand(app), newRetryCommand(app), newSourceCommand(app),
			newBackfillCommand(app), newETLCommand(app), newVerifyCommand(app), newForgetCommand(app),
		}},
		{"Read figures:", []*cobra.Command{
			newQueryCommand(app), newReportCommand(app), newRecommendCommand(app), newShowCommand(app), newServeCommand(app), newTokenCommand(app),
		}},
		{"Look at the project:", []*cobra.Command{
			newLsCommand(app), newCompileCommand(app), newParseCommand(app),
		}},
		{"Set up:", []*cobra.Command{
			newInitCommand(app, tiendi.Project), newDebugCommand(app), newCleanCommand(app),
			newLocalCommand(app),
		}},
	}
}

// addCommands puts every subcommand under root, in its group.
func addCommands(root *cobra.Command, app *App) {
	for _, g := range groups(app) {
		root.AddGroup(&cobra.Group{ID: g.title, Title: g.title})
		for _, cmd := range g.commands {
			cmd.GroupID = g.title
			root.AddCommand(cmd)
		}
	}
}
