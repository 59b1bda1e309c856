package main

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/tiendi/tiendi/internal/console"
)

// version is set by the release build (-ldflags "-X main.version=…").
var version = "dev"

// execute runs one command line and gives its exit code.
func execute(ctx context.Context, app *App, args []string) int {
	root := newRootCommand(app)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	var failed *failedError
	switch {
	case err == nil || errors.As(err, &failed) && failed.quiet:
	case app.json:
		app.Log.Error(err.Error())
	default:
		app.Console.Print("%s %s", app.Console.Paint(console.Bad, "error:"), err)
	}
	return exitCode(err)
}

func newRootCommand(app *App) *cobra.Command {
	root := &cobra.Command{
		Use:   "tiendi",
		Short: "The analytics platform of a marketplace in one binary",
		Long: "tiendi loads a marketplace's events and tables, builds SQL models on ClickHouse\n" +
			"as dbt does, tests them, and reports.",
		Example: "  tiendi generate --out data\n" +
			"  tiendi load data\n" +
			"  tiendi build\n" +
			"  tiendi report daily",
		Version:       versionText(),
		SilenceErrors: true,
		SilenceUsage:  true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			if err := flagsFromEnvironment(cmd.Flags(), app.LookupEnv); err != nil {
				return err
			}
			return app.settle()
		},
	}
	root.SetOut(app.Console.Out)
	root.SetErr(app.Console.Err)
	root.SetVersionTemplate("tiendi {{.Version}}\n")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return fmt.Errorf("%s\n  see: %s --help", plainly(err), cmd.CommandPath())
	})
	app.addFlags(root.PersistentFlags())
	addCommands(root, app)
	return root
}

// flagsFromEnvironment sets every flag that was not given from TIENDI_<FLAG>.
func flagsFromEnvironment(flags *pflag.FlagSet, lookup func(string) (string, bool)) error {
	var first error
	flags.VisitAll(func(f *pflag.Flag) {
		name := "TIENDI_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
		value, ok := lookup(name)
		if f.Changed || !ok || f.Name == "help" || f.Name == "version" || first != nil {
			return
		}
		if err := flags.Set(f.Name, value); err != nil {
			first = fmt.Errorf("environment variable %s: %s", name, plainly(err))
		}
	})
	return first
}

// plainly says what is wrong with a flag's value without the words of the
// parser beneath.
func plainly(err error) string {
	text, _, _ := strings.Cut(err.Error(), ": strconv.")
	return text
}

func versionText() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || version != "dev" {
		return version
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return version + " (" + s.Value[:12] + ")"
		}
	}
	return version
}
