package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/tiendi/tiendi/internal/report"
	"github.com/tiendi/tiendi/internal/transform/compile"
)

func newReportAnomaliesCommand(app *App) *cobra.Command {
	o := &reportOptions{}
	cmd := &cobra.Command{
		Use:   "anomalies",
		Short: "Print what was not as expected on one day",
		Long: "Compares a day's orders, sales, visits and rates, of the platform and of each store, with\n" +
			"what the twelve weeks before let expect, and prints those that are further off than chance\n" +
			"explains: how far, what is usual, and since when. A deviation that goes on is not reported\n" +
			"again for a week.",
		Example: "  tiendi report anomalies --language es\n" +
			"  tiendi report anomalies --date 2026-11-20 --output json\n" +
			"  tiendi report anomalies --store 'Panadería La Espiga'",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runReportAnomalies(cmd.Context(), app, o) },
	}
	o.addFlags(cmd.Flags(), "day to report, YYYY-MM-DD (default: the last complete day that has data)")
	return cmd
}

func runReportAnomalies(ctx context.Context, app *App, o *reportOptions) error {
	language, err := o.written()
	if err != nil {
		return err
	}
	audience, date, err := o.complete()
	if err != nil {
		return err
	}
	s, err := app.openConnected(ctx, compile.Flags{Which: "report"})
	if err != nil {
		return err
	}
	defer s.close()
	line := app.Console.Start("Looking for what is not as expected")
	defer line.Stop()
	found, err := s.anomalies(ctx, audience, o.store, date)
	if err != nil {
		return notBuilt(err, "tiendi build")
	}
	line.Stop()
	return report.WriteAnomalies(app.Console, o.output, found, language)
}

// anomalies searches a day, zero for the last complete one.
func (s *session) anomalies(ctx context.Context, audience report.Audience, store string, date time.Time) (*report.Anomalies, error) {
	client, err := s.connect(ctx)
	if err != nil {
		return nil, err
	}
	zone, err := s.zone()
	if err != nil {
		return nil, err
	}
	days, _ := s.anyVar("holidays")
	holidays, err := report.ParseHolidays(days)
	if err != nil {
		return nil, err
	}
	today, err := s.today()
	if err != nil {
		return nil, err
	}
	if date.After(today) {
		return nil, fmt.Errorf("--date %s has not come yet", date.Format(time.DateOnly))
	}
	return report.BuildAnomalies(ctx, client, report.AnomaliesOptions{
		Schema: s.settings.Warehouse.Database, Zone: zone, Today: today, Currency: s.stringVar("currency", "USD"),
		Date: date, Audience: audience, Store: store, Holidays: holidays,
	})
}
