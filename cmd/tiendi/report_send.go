package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/tiendi/tiendi/internal/anomaly"
	"github.com/tiendi/tiendi/internal/operate/journal"
	"github.com/tiendi/tiendi/internal/operate/notify"
	"github.com/tiendi/tiendi/internal/report"
	"github.com/tiendi/tiendi/internal/report/delivery"
	"github.com/tiendi/tiendi/internal/transform/compile"
)

// errNowhere says that the target names no way to send reports.
var errNowhere = errors.New("the target has no way to send reports: give report.smtp, or report.webhook, in profiles.yaml\n  see profiles.example.yaml, and docs/reports.md")

// errRefused says that all reports were sent but for those whose address takes none.
var errRefused = errors.New("refused for good: see to the addresses, and the same command tries them again")

// mailing is what is to be sent, to whom.
type mailing struct {
	kind       report.Kind
	date       time.Time // zero for the last one
	audience   report.Audience
	store      string // "" for all
	empty, dry bool
	output     string
}

// mailing settles the options of --send.
func (o *reportOptions) mailing(kind report.Kind) (mailing, error) {
	s := mailing{kind: kind, audience: report.Audience(o.audience), store: o.store, empty: o.empty, dry: o.dryRun, output: o.output}
	switch {
	case s.audience != "" && s.audience != report.Admin && s.audience != report.Vendor:
		return s, fmt.Errorf("--for %q: use vendor or admin, or leave it out for both", o.audience)
	case s.audience == report.Admin && o.store != "":
		return s, errors.New("--for admin is about all stores: leave --store out, or use --for vendor")
	case o.output == "html":
		return s, errors.New("--send prints what became of the reports: as table, json, csv or markdown")
	}
	if o.store != "" {
		s.audience = report.Vendor
	}
	var err error
	s.date, err = reportDate(o.date)
	return s, err
}

// cooldown is for how many days around the reports' own what was sent is not sent again.
func (m *mailing) cooldown() int {
	if m.kind == report.Anomalies {
		return anomaly.Defaults(time.Time{}).Cooldown
	}
	return 0
}

func runReportSend(ctx context.Context, app *App, what mailing) error {
	s, err := app.openConnected(ctx, compile.Flags{Which: "report"})
	if err != nil {
		return err
	}
	defer s.close()
	t, err := s.send(ctx, what)
	if t != nil && (len(t.rows) > 0 || what.output != "table") {
		err = errors.Join(t.write(app.Console, what.output), err)
	}
	return err
}

// send sends reports, or lists what would be sent. The rows say what became of each.
func (s *session) send(ctx context.Context, what mailing) (*typedRows, error) {
	settings := s.settings.Report
	if settings.SMTP == "" && settings.Webhook == "" {
		return nil, errNowhere
	}
	line := s.app.Console.Start("Computing the reports")
	defer line.Stop()
	plans, start, stop, err := begin(s.planReports(ctx, what))
	defer stop()
	if err != nil {
		return nil, err
	}
	options := notify.Options{
		Kind: what.kind, Start: start, Cooldown: what.cooldown(), Dir: s.targetDir(), Logger: s.app.Log,
		Journal: &journal.Journal{Warehouse: s.client, Database: s.settings.Warehouse.Database, Cluster: s.settings.Warehouse.Cluster},
	}
	if what.dry {
		before, err := notify.Sent(ctx, options)
		if err != nil {
			return nil, err
		}
		return dryRows(plans, before)
	}
	if options.Delivery, err = s.senders(); err != nil {
		return nil, err
	}
	options.Delivery.Progress = func(done int) { line.Update("Sending reports: %d", done) }
	result, err := notify.Run(ctx, plans, options)
	line.Stop()
	s.app.Console.Notice("%s sent, %d before, %d left out, %d failed, %d not tried.", howMany(result.Sent, "report"), result.Before, result.Left, len(result.Failed), result.Untried)
	switch failed := len(result.Failed) + result.Untried; {
	case err != nil:
		err = fmt.Errorf("%w\n  the same command sends what is left", err)
	case result.OnlyRefused():
		err = fmt.Errorf("%s %w", howMany(failed, "report"), errRefused)
	case failed > 0:
		err = fmt.Errorf("%s could not be sent; the same command tries them again", howMany(failed, "report"))
	}
	if err != nil {
		err = &failedError{err: err}
	}
	return failedRows(result), err
}

// begin makes the first plan, which says of when all are, and gives it with those that follow.
func begin(all iter.Seq2[delivery.Plan, error]) (plans iter.Seq2[delivery.Plan, error], start time.Time, stop func(), err error) {
	next, stop := iter.Pull2(all)
	plan, err, ok := next()
	start = plan.Start
	return func(yield func(delivery.Plan, error) bool) {
		for ok && yield(plan, err) {
			plan, err, ok = next()
		}
	}, start, stop, err
}

// senders are the ways that the target names.
func (s *session) senders() (delivery.Options, error) {
	settings := s.settings.Report
	o := delivery.Options{Workers: settings.Connections, Connect: map[delivery.Channel]func() delivery.Sender{}}
	if settings.SMTP != "" {
		server, err := mailServer(settings.SMTP.Reveal(), delivery.TLS(settings.TLS), settings.From)
		if err != nil {
			return o, err
		}
		o.Connect[delivery.Mail] = server.Connect
	}
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse } // what is signed goes to nobody else
	hook := &delivery.Hook{
		URL: settings.Webhook.Reveal(), Secret: settings.WebhookSecret.Reveal(), Client: &http.Client{CheckRedirect: stay}, Now: s.app.Now,
	}
	o.Connect[delivery.Webhook] = hook.Connect
	return o, nil
}

// mailServer reads the URL of a server of mail, which the profile has checked.
func mailServer(text string, tls delivery.TLS, from string) (*delivery.Server, error) {
	u, err := url.Parse(text)
	if err != nil {
		return nil, errors.New("report.smtp is no URL")
	}
	server := &delivery.Server{Host: u.Hostname(), Port: 587, User: u.User.Username(), TLS: tls, From: from}
	server.Password, _ = u.User.Password()
	if tls == "" {
		server.TLS = delivery.StartTLS
	}
	if u.Scheme == "smtps" {
		server.Port, server.TLS = 465, delivery.Implicit
	}
	if u.Port() != "" {
		server.Port, err = strconv.Atoi(u.Port())
	}
	return server, err
}
