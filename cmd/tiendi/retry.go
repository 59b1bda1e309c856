package main

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/tiendi/tiendi/internal/transform/run"
)

func newRetryCommand(app *App) *cobra.Command {
	var state string
	cmd := &cobra.Command{
		Use:   "retry",
		Short: "Try again what the last run did not finish",
		Long: "Reads target/run_results.json and runs the same command with the same flags over the\n" +
			"nodes that failed or were skipped. Microbatch models repeat only the batches that failed.\n" +
			"--vars, --profile, --target and --threads are those of that command unless given anew.",
		Example: "  tiendi retry",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return runRetry(cmd.Context(), app, state) },
	}
	cmd.Flags().StringVar(&state, "state", "", "folder of the run_results.json to read (default: the target folder)")
	return cmd
}

func runRetry(ctx context.Context, app *App, state string) error {
	if state == "" {
		dir, err := app.projectDir()
		if err != nil {
			return err
		}
		if state = app.flags.targetPath; state == "" {
			state = "target"
		}
		if !filepath.IsAbs(state) {
			state = filepath.Join(dir, state)
		}
	}
	previous, err := run.ReadPrevious(filepath.Join(state, "run_results.json"))
	if err != nil {
		return err
	}
	switch previous.Command {
	case "run", "build", "test", "seed":
	default:
		return fmt.Errorf("the last command was %q, which cannot be tried again: retry knows run, build, test and seed", previous.Command)
	}
	if len(previous.Again) == 0 {
		app.Console.Notice("Nothing to retry: the last %s finished.", previous.Command)
		return nil
	}
	o := &buildOptions{again: previous.Again, batches: previous.Batches}
	o.take(previous.Args)
	app.take(previous.Args)
	return runBuild(ctx, app, previous.Command, o, nil)
}

// take reads the flags of the earlier run that still matter.
func (o *buildOptions) take(args map[string]any) {
	o.fullRefresh, _ = args["full_refresh"].(bool)
	o.failFast, _ = args["fail_fast"].(bool)
	o.storeFailures, _ = args["store_failures"].(bool)
	o.eventTimeFrom, _ = args["event_time_start"].(string)
	o.eventTimeTo, _ = args["event_time_end"].(string)
}

// take reads what the earlier command was told by global flags, which those
// given now go before: its models were compiled with it.
func (a *App) take(args map[string]any) {
	if vars, ok := args["vars"].(map[string]any); ok && a.vars == nil {
		a.vars = map[string]any{}
		for name, value := range vars {
			a.vars[name] = wholeNumbers(value)
		}
	}
	for name, flag := range map[string]*string{"profile": &a.flags.profile, "target": &a.flags.target} {
		if value, ok := args[name].(string); ok && *flag == "" {
			*flag = value
		}
	}
	if n, ok := args["threads"].(float64); ok && a.flags.threads == 0 {
		a.flags.threads = int(n)
	}
}

// wholeNumbers gives numbers that JSON has made floating back as they were
// written: templates print them.
func wholeNumbers(value any) any {
	switch value := value.(type) {
	case float64:
		if whole := int(value); float64(whole) == value {
			return whole
		}
	case []any:
		for i := range value {
			value[i] = wholeNumbers(value[i])
		}
	case map[string]any:
		for key := range value {
			value[key] = wholeNumbers(value[key])
		}
	}
	return value
}
