package report

import (
	"context"
	"time"
)

const (
	listedDays  = 31 // of daily reports
	listedWeeks = 12 // of weekly ones
)

// Listed is a report that can be made.
type Listed struct {
	Kind       Kind
	Date       time.Time // a day of it that is over
	Start, End time.Time // as a document's
}

// Title says what the report is of.
func (i Listed) Title(l Language) string {
	return title(&Document{Kind: i.Kind, Start: i.Start, End: i.End}, l)
}

// List gives the reports that there are data for, of a store or, for nil, of the platform:
// of each kind the newest first. All are of periods that are over, but for the month in
// which cohorts end. Today is as in Request.
func (s Source) List(ctx context.Context, today time.Time, store *Store) ([]Listed, error) {
	days, err := s.readSpan(ctx, today, store)
	if err != nil {
		return nil, err
	}
	return days.list(), nil
}

func (s span) list() []Listed {
	var all []Listed
	for _, of := range []struct {
		kind       Kind
		most, step int // reports, and days from one to that before it
	}{{Daily, listedDays, 1}, {Weekly, listedWeeks, 7}, {Funnel, 1, 0}, {Cohorts, 1, 0}} {
		start, end := s.period(of.kind, time.Time{})
		for range of.most {
			if of.most > 1 && start.Before(s.first) { // a part of a week is no week
				break
			}
			all = append(all, Listed{of.kind, earlier(end.AddDate(0, 0, -1), s.last), start, end})
			start, end = start.AddDate(0, 0, -of.step), end.AddDate(0, 0, -of.step)
		}
	}
	return all
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
