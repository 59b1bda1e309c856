package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/tiendi/tiendi/internal/report"
	"github.com/tiendi/tiendi/internal/transform/compile"
)

func newReportCommand(app *App) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "report",
		Short: "Print what happened in the marketplace",
		Args:  cobra.NoArgs,
	}
	for _, kind := range reportKinds {
		cmd.AddCommand(newReportKindCommand(app, kind))
	}
	return cmd
}

type reportOptions struct {
	date, audience, store, language, output string
	send, dryRun, empty                     bool
}

func newReportKindCommand(app *App, k reportKind) *cobra.Command {
	o := &reportOptions{}
	cmd := &cobra.Command{
		Use: string(k.kind), Short: k.short, Long: k.long, Example: k.example, Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runReport(cmd.Context(), app, k.kind, o) },
	}
	flags := cmd.Flags()
	flags.StringVar(&o.date, "date", "", k.date)
	flags.StringVar(&o.audience, "for", "", "vendor or admin (default: vendor when --store is given, else admin)")
	flags.StringVar(&o.store, "store", "", "id or name of the store, for a vendor's report")
	flags.StringVar(&o.language, "language", "en", "language of the report: en or es")
	flags.StringVarP(&o.output, "output", "o", "table", "table, json, csv, markdown or html")
	flags.BoolVar(&o.send, "send", false, "send the report to its readers instead of printing it: to each vendor his own, to administrators the platform's; what was sent before is not sent again")
	flags.BoolVar(&o.dryRun, "dry-run", false, "with --send: list who would get what")
	flags.BoolVar(&o.empty, "send-empty", false, "with --send: also reports in which nothing happened")
	return cmd
}

// written settles how the report is written: its language, where the format is known.
func (o *reportOptions) written() (report.Language, error) {
	if err := report.CheckFormat(o.output); err != nil {
		return "", err
	}
	language := report.ParseLanguage(o.language, "")
	if language == "" {
		return "", fmt.Errorf("--language %q: use en or es", o.language)
	}
	return language, nil
}

// complete settles for whom the report is, and of which day: zero for the last one.
func (o *reportOptions) complete() (audience report.Audience, date time.Time, err error) {
	audience = report.Audience(o.audience)
	if o.audience == "" {
		audience = report.Admin
		if o.store != "" {
			audience = report.Vendor
		}
	}
	switch {
	case audience != report.Admin && audience != report.Vendor:
		return "", date, fmt.Errorf("--for %q: use vendor or admin", o.audience)
	case audience == report.Vendor && o.store == "":
		return "", date, fmt.Errorf("a vendor's report is about one store: name it with --store")
	case audience == report.Admin && o.store != "":
		return "", date, fmt.Errorf("--for admin is about all stores: leave --store out, or use --for vendor")
	}
	date, err = reportDate(o.date)
	return audience, date, err
}

func reportDate(text string) (date time.Time, err error) {
	if text == "" {
		return date, nil
	}
	if date, err = time.Parse(time.DateOnly, text); err != nil {
		return date, fmt.Errorf("--date %q is no day: want YYYY-MM-DD", text)
	}
	return date, nil
}

func runReport(ctx context.Context, app *App, kind report.Kind, o *reportOptions) error {
	language, err := o.written()
	if err != nil {
		return err
	}
	if o.send {
		what, err := o.mailing(kind)
		if err != nil {
			return err
		}
		return runReportSend(ctx, app, what)
	}
	if o.dryRun || o.empty {
		return errors.New("--dry-run and --send-empty are of --send")
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
	request := report.Request{Kind: kind, Date: date}
	if audience == report.Vendor {
		store, err := report.FindStore(ctx, s.client, s.settings.Warehouse.Database, o.store)
		if err != nil {
			return err
		}
		request.Stores = []report.Store{*store}
	}
	line := app.Console.Start("Computing the report")
	defer line.Stop()
	documents, err := s.reports(ctx, request)
	if err != nil {
		return err
	}
	line.Stop()
	return report.Write(app.Console, o.output, documents[0], language)
}

// reports makes the reports of a request.
func (s *session) reports(ctx context.Context, r report.Request) ([]*report.Document, error) {
	if r.Kind == report.Anomalies {
		found, err := s.searchAnomalies(ctx, r.Date)
		if err != nil {
			return nil, notBuilt(err, "tiendi build")
		}
		return found.Documents(r.Stores, s.stringVar("currency", "USD")), nil
	}
	client, err := s.connect(ctx)
	if err != nil {
		return nil, err
	}
	metrics, err := s.semantic()
	if err != nil {
		return nil, err
	}
	if r.Today, err = s.today(); err != nil {
		return nil, err
	}
	r.Currency = s.stringVar("currency", "USD")
	return report.Build(ctx, report.Source{Warehouse: client, Metrics: metrics, Schema: s.settings.Warehouse.Database}, r)
}

// today is the current day in the platform's time zone, at midnight UTC.
func (s *session) today() (time.Time, error) {
	zone, err := s.zone()
	if err != nil {
		return time.Time{}, err
	}
	year, month, day := s.app.Now().In(zone).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC), nil
}
