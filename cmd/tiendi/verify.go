package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/tiendi/tiendi/internal/console"
	"github.com/tiendi/tiendi/internal/operate/verify"
	"github.com/tiendi/tiendi/internal/transform/compile"
)

type verifyOptions struct {
	from, to, output string
	tables           []string
	maxWait          time.Duration
}

func newVerifyCommand(app *App) *cobra.Command {
	o := &verifyOptions{}
	cmd := &cobra.Command{
		Use:   "verify",
		Short: "Compare source, archive, raw, staging and marts by day, and name the days that differ",
		Long: "Compares what the layers hold of each day, in the project's time zone:\n\n" +
			"  events       archive, raw and staging by their ids; what the marts count of them\n" +
			"  orders, order_items, products, stores, users, subscriptions\n" +
			"               rows and sums of the shop's database, raw and staging\n" +
			"  orders       also what the sales marts sum up of them\n\n" +
			"Only days that differ are listed, with what to do. What is under way is no difference.\n" +
			"Exit code 0: all agree; 1: some day differs; 2: it could not be found out.",
		Example: "  tiendi verify\n" +
			"  tiendi verify --from 2026-01-01 --to 2026-02-01\n" +
			"  tiendi verify -s orders,order_items --output json\n" +
			"  tiendi verify --max-wait 0",
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.tables = append(o.tables, args...) // as in dbt: -s a b c
			return runVerify(cmd.Context(), app, o)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&o.from, "from", "", "first day to compare (default: 30 days before --to)")
	flags.StringVar(&o.to, "to", "", "day before which it ends (default: today)")
	flags.StringSliceVarP(&o.tables, "select", "s", nil, "compare only these: "+strings.Join(verify.Tables(), ", "))
	flags.DurationVar(&o.maxWait, "max-wait", 30*time.Second, "how long to look again at what differs, until it has gone through; 0 looks once")
	flags.StringVarP(&o.output, "output", "o", "table", "table, json, csv or markdown")
	return cmd
}

func (o *verifyOptions) check() error {
	if o.maxWait < 0 {
		return fmt.Errorf("--max-wait %s: give 0 or more", o.maxWait)
	}
	if err := verify.CheckTables(o.tables); err != nil {
		return err
	}
	return console.CheckFormat(o.output)
}

func runVerify(ctx context.Context, app *App, o *verifyOptions) error {
	if err := o.check(); err != nil {
		return err
	}
	s, err := app.openConnected(ctx, compile.Flags{Which: "verify"})
	if err != nil {
		return err
	}
	defer s.close()
	options, err := s.verifyOptions(ctx, o)
	if err != nil {
		return err
	}
	progress := app.Console.Start("Comparing the layers")
	defer progress.Stop()
	options.Tell = func(text string) { progress.Update("%s", text) }
	result, err := verify.Run(ctx, options)
	if err != nil {
		return err
	}
	progress.Stop()
	return app.writeVerification(o.output, &options.Shape, &result)
}
