package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/tiendi/tiendi/internal/console"
	"github.com/tiendi/tiendi/internal/report"
	"github.com/tiendi/tiendi/internal/transform/compile"
)

func newReportCommand(app *App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "report",
		Short: "Print what happened in the marketplace",
		Args:  cobra.NoArgs,
	}
	cmd.AddCommand(newReportDailyCommand(app), newReportAnomaliesCommand(app))
	return cmd
}

type reportDailyOptions struct {
	date, audience, store, output string
}

func newReportDailyCommand(app *App) *cobra.Command {
	o := &reportDailyOptions{}
	cmd := &cobra.Command{
		Use:   "daily",
		Short: "Print the figures of one day",
		Long: "Prints the KPIs of the last complete day that has data, with their change against\n" +
			"the day before and the same weekday, the best sellers and the conversion funnel.",
		Example: "  tiendi report daily\n" +
			"  tiendi report daily --date 2026-11-20\n" +
			"  tiendi report daily --store 'Panadería La Espiga'\n" +
			"  tiendi report daily --output markdown > daily.md",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runReportDaily(cmd.Context(), app, o) },
	}
	o.addFlags(cmd.Flags())
	return cmd
}

func (o *reportDailyOptions) addFlags(flags *pflag.FlagSet) {
	flags.StringVar(&o.date, "date", "", "day to report, YYYY-MM-DD (default: the last complete day that has data)")
	flags.StringVar(&o.audience, "for", "", "vendor or admin (default: vendor when --store is given, else admin)")
	flags.StringVar(&o.store, "store", "", "id or name of the store, for a vendor's report")
	flags.StringVarP(&o.output, "output", "o", "table", "table, json, csv or markdown")
}

// complete settles the options that follow from one another.
func (o *reportDailyOptions) complete() (report.DailyOptions, error) {
	out := report.DailyOptions{Audience: report.Audience(o.audience), Store: o.store}
	if err := console.CheckFormat(o.output); err != nil {
		return out, err
	}
	if o.audience == "" {
		out.Audience = report.Admin
		if o.store != "" {
			out.Audience = report.Vendor
		}
	}
	switch {
	case out.Audience != report.Admin && out.Audience != report.Vendor:
		return out, fmt.Errorf("--for %q: use vendor or admin", o.audience)
	case out.Audience == report.Vendor && o.store == "":
		return out, fmt.Errorf("a vendor's report is about one store: name it with --store")
	case out.Audience == report.Admin && o.store != "":
		return out, fmt.Errorf("--for admin is about all stores: leave --store out, or use --for vendor")
	}
	if o.date != "" {
		date, err := time.Parse(time.DateOnly, o.date)
		if err != nil {
			return out, fmt.Errorf("--date %q is no day: want YYYY-MM-DD", o.date)
		}
		out.Date = date
	}
	return out, nil
}

func runReportDaily(ctx context.Context, app *App, o *reportDailyOptions) error {
	options, err := o.complete()
	if err != nil {
		return err
	}
	s, err := app.openConnected(ctx, compile.Flags{Which: "report"})
	if err != nil {
		return err
	}
	defer s.close()
	daily, err := s.daily(ctx, options)
	if err != nil {
		return err
	}
	return report.Write(app.Console, o.output, daily)
}

// daily makes the report of a day.
func (s *session) daily(ctx context.Context, options report.DailyOptions) (*report.Daily, error) {
	client, err := s.connect(ctx)
	if err != nil {
		return nil, err
	}
	options.Schema = s.settings.Warehouse.Database
	options.Currency = s.stringVar("currency", "USD")
	zone, err := time.LoadLocation(s.stringVar("timezone", "UTC"))
	if err != nil {
		return nil, fmt.Errorf("var timezone: %w", err)
	}
	year, month, day := s.app.Now().In(zone).Date()
	options.Today = time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	return report.BuildDaily(ctx, client, &definitions{session: s, client: client}, options)
}

// definitions finds a KPI's SQL among the project's analyses.
type definitions struct {
	session *session
	client  compile.Warehouse
}

// KPI compiles the analysis of that name.
func (d *definitions) KPI(ctx context.Context, name string) (string, error) {
	return d.compiled(ctx, "analysis", name, "reports read the KPI queries of the marketplace project (tiendi init writes it)")
}

// compiled is the SQL of a node of the project, or why there should be one.
func (d *definitions) compiled(ctx context.Context, kind, name, why string) (string, error) {
	root := d.session.manifest.Project.Root().Name
	node := d.session.manifest.Nodes[kind+"."+root+"."+name]
	if node == nil {
		return "", fmt.Errorf("the project has no %s %q: %s", kind, name, why)
	}
	compiled, err := d.session.manifest.Compiler(d.client).Compile(ctx, node, nil)
	return compiled.SQL, err
}
