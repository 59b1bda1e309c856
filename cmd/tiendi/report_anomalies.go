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
	o := &reportDailyOptions{}
	cmd := &cobra.Command{
		Use:   "anomalies",
		Short: "Print what was not as expected on one day",
		Long: "Compares a day's orders, sales, visits and rates, of the platform and of each store, with\n" +
			"what the twelve weeks before let expect, and prints those that are further off than chance\n" +
			"explains: how far, what is usual, and since when. A deviation that goes on is not reported\n" +
			"again for a week.",
		Example: "  tiendi report anomalies\n" +
			"  tiendi report anomalies --date 2026-11-20 --output json\n" +
			"  tiendi report anomalies --store 'Panadería La Espiga'",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runReportAnomalies(cmd.Context(), app, o) },
	}
	o.addFlags(cmd.Flags())
	return cmd
}

func runReportAnomalies(ctx context.Context, app *App, o *reportDailyOptions) error {
	options, err := o.complete()
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
	found, err := s.anomalies(ctx, options)
	if err != nil {
		return notBuilt(err, "tiendi build")
	}
	line.Stop()
	return report.WriteAnomalies(app.Console, o.output, found)
}

// anomalies searches a day.
func (s *session) anomalies(ctx context.Context, daily report.DailyOptions) (*report.Anomalies, error) {
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
	year, month, day := s.app.Now().In(zone).Date()
	today := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	if daily.Date.After(today) {
		return nil, fmt.Errorf("--date %s has not come yet", daily.Date.Format(time.DateOnly))
	}
	return report.BuildAnomalies(ctx, client, report.AnomaliesOptions{
		Schema: s.settings.Warehouse.Database, Zone: zone, Today: today, Currency: s.stringVar("currency", "USD"),
		Date: daily.Date, Audience: daily.Audience, Store: daily.Store, Holidays: holidays,
	})
}
