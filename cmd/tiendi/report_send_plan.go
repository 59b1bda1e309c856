package main

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/tiendi/tiendi/internal/report"
	"github.com/tiendi/tiendi/internal/report/delivery"
)

// batchStores are those whose reports are computed together, from the same few queries, and
// held until they are sent.
const batchStores = 1000

// complete refuses a period that is not over: a report is sent once.
func (s *session) complete(documents []*report.Document) error {
	today, err := s.today()
	if err != nil {
		return err
	}
	for _, d := range documents {
		if d.Kind != report.Cohorts && d.End.After(today) {
			return fmt.Errorf("%w: %s is not over, and a report is sent once", report.ErrIncomplete, d.End.AddDate(0, 0, -1).Format(time.DateOnly))
		}
	}
	return nil
}

// planReports computes the reports of all readers, a batch at a time: the platform's, then
// those of stores. All are of the same period, that of the first one.
func (s *session) planReports(ctx context.Context, what mailing) iter.Seq2[delivery.Plan, error] {
	return func(yield func(delivery.Plan, error) bool) {
		if what.audience != report.Vendor {
			plan, err := s.planPlatform(ctx, &what)
			if !yield(plan, err) || err != nil {
				return
			}
		}
		if what.audience == report.Admin || s.settings.Report.SMTP == "" {
			return
		}
		recipients, err := s.recipients(ctx, what)
		if err != nil {
			yield(delivery.Plan{}, err)
			return
		}
		for batch := range slices.Chunk(recipients, batchStores) {
			plan, err := s.planVendors(ctx, &what, batch)
			if !yield(plan, err) || err != nil {
				return
			}
		}
	}
}

// documents are those of a request, whose period is over. It becomes that of all that follow.
func (s *session) documents(ctx context.Context, what *mailing, r report.Request) ([]*report.Document, error) {
	r.Kind, r.Date = what.kind, what.date
	documents, err := s.reports(ctx, r)
	if err != nil {
		return nil, err
	}
	what.date = documents[0].End.AddDate(0, 0, -1)
	return documents, s.complete(documents)
}

// fallback is the language of readers whose own is not known.
func (s *session) fallback() report.Language {
	return report.ParseLanguage(s.settings.Report.Language, report.Spanish)
}

func (s *session) planPlatform(ctx context.Context, what *mailing) (plan delivery.Plan, err error) {
	settings := s.settings.Report
	documents, err := s.documents(ctx, what, report.Request{})
	if err != nil {
		return plan, err
	}
	plan.Start = documents[0].Start
	if settings.SMTP != "" {
		for _, admin := range settings.Admins {
			plan.Add(delivery.Mail, admin, s.fallback(), documents[0], what.empty)
		}
	}
	if settings.Webhook != "" {
		plan.Add(delivery.Webhook, "", s.fallback(), documents[0], what.empty)
	}
	return plan, nil
}

// recipients are the vendors who are to get a report.
func (s *session) recipients(ctx context.Context, what mailing) ([]report.Recipient, error) {
	database := s.settings.Warehouse.Database
	var only *report.Store
	var err error
	if what.store != "" {
		if only, err = report.FindStore(ctx, s.client, database, what.store); err != nil {
			return nil, err
		}
	}
	return report.ReadRecipients(ctx, s.client, database, only)
}

func (s *session) planVendors(ctx context.Context, what *mailing, batch []report.Recipient) (plan delivery.Plan, err error) {
	r := report.Request{First: batch[0].Store.ID, Last: batch[len(batch)-1].Store.ID}
	for _, one := range batch {
		r.Stores = append(r.Stores, one.Store)
	}
	documents, err := s.documents(ctx, what, r)
	if err != nil {
		return plan, err
	}
	plan.Start = documents[0].Start
	for i, one := range batch {
		plan.Add(delivery.Mail, one.Email, report.ParseLanguage(one.Language, s.fallback()), documents[i], what.empty)
	}
	return plan, nil
}
