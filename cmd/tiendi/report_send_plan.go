package main

import (
	"context"
	"fmt"
	"time"

	"github.com/tiendi/tiendi/internal/report"
	"github.com/tiendi/tiendi/internal/report/delivery"
)

// complete refuses a period that is not over: a report is sent once.
func (s *session) complete(plan delivery.Plan) error {
	today, err := s.today()
	if err != nil {
		return err
	}
	for _, d := range plan.Documents() {
		if d.Kind != report.Cohorts && d.End.After(today) {
			return fmt.Errorf("%w: %s is not over, and a report is sent once", report.ErrIncomplete, d.End.AddDate(0, 0, -1).Format(time.DateOnly))
		}
	}
	return nil
}

// planReports computes the reports of all readers, those of all stores from the same few queries.
func (s *session) planReports(ctx context.Context, what mailing) (plan delivery.Plan, start time.Time, err error) {
	settings := s.settings.Report
	fallback := report.ParseLanguage(settings.Language, report.Spanish)
	if what.audience != report.Vendor {
		documents, err := s.reports(ctx, report.Request{Kind: what.kind, Date: what.date})
		if err != nil {
			return plan, start, err
		}
		start = documents[0].Start
		what.date = documents[0].End.AddDate(0, 0, -1) // the same for everybody
		if settings.SMTP != "" {
			for _, admin := range settings.Admins {
				plan.Add(delivery.Mail, admin, fallback, documents[0], what.empty)
			}
		}
		if settings.Webhook != "" {
			plan.Add(delivery.Webhook, "", fallback, documents[0], what.empty)
		}
	}
	if what.audience == report.Admin || settings.SMTP == "" {
		return plan, start, nil
	}
	return plan, start, s.planVendors(ctx, what, fallback, &plan, &start)
}

func (s *session) planVendors(ctx context.Context, what mailing, fallback report.Language, plan *delivery.Plan, start *time.Time) error {
	database := s.settings.Warehouse.Database
	var only *report.Store
	var err error
	if what.store != "" {
		if only, err = report.FindStore(ctx, s.client, database, what.store); err != nil {
			return err
		}
	}
	recipients, err := report.ReadRecipients(ctx, s.client, database, only)
	if err != nil {
		return err
	}
	stores := make([]report.Store, len(recipients))
	for i, r := range recipients {
		stores[i] = r.Store
	}
	if len(stores) == 0 {
		return nil
	}
	documents, err := s.reports(ctx, report.Request{Kind: what.kind, Date: what.date, Stores: stores})
	if err != nil {
		return err
	}
	*start = documents[0].Start
	for i, r := range recipients {
		plan.Add(delivery.Mail, r.Email, report.ParseLanguage(r.Language, fallback), documents[i], what.empty)
	}
	return nil
}
