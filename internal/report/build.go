package report

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/tiendi/tiendi/internal/semantic"
)

// Request says which report, of when, about whom.
type Request struct {
	Kind  Kind
	Date  time.Time // a day of the period; zero: the last complete one that has data
	Today time.Time // the current day in the platform's time zone, at midnight UTC
	// Stores are whom a vendor's reports are about, one report each. Nil is the
	// platform's, one report.
	Stores []Store
	// First and Last are the ids between which all Stores are in the warehouse's order, as
	// ReadRecipients gives them; rows of no others are read. "" for no bound.
	First, Last string
	Currency    string
}

const (
	historyDays  = 14 // show a trend and hold the same weekday twice
	topProducts  = 10
	topMovers    = 10
	funnelDays   = 28 // of a report of the funnel, up to its day
	cohortMonths = 12 // of a report of cohorts, up to its day's month
)

// work is reports on their way. Those of many stores come from the same few
// queries, grouped by store.
type work struct {
	Source
	kind       Kind
	audience   Audience
	start, end time.Time
	days       span
	documents  []*Document
	byStore    map[string]*Document // "" is the platform
	ids        []string             // of the only store; nil for all
	where      []string             // conditions of each query
}

// Build makes the reports, in the order of the stores.
func Build(ctx context.Context, s Source, r Request) ([]*Document, error) {
	w := &work{Source: s, kind: r.Kind, audience: Admin, byStore: map[string]*Document{}}
	var only *Store
	if r.Stores != nil {
		w.audience = Vendor
	}
	if len(r.Stores) == 1 {
		only, w.ids = &r.Stores[0], []string{r.Stores[0].ID}
	}
	if r.First != "" {
		w.where = []string{"store >= '" + r.First + "'", "store <= '" + r.Last + "'"}
	}
	var err error
	if w.days, err = s.readSpan(ctx, r.Today, only); err != nil {
		return nil, err
	}
	w.start, w.end = w.days.period(r.Kind, r.Date)
	add := func(store *Store, key string) {
		d := &Document{Kind: r.Kind, Start: w.start, End: w.end, Audience: w.audience, Store: store, Currency: r.Currency}
		w.documents = append(w.documents, d)
		w.byStore[key] = d
	}
	for i := range r.Stores {
		add(&r.Stores[i], r.Stores[i].ID)
	}
	if r.Stores == nil {
		add(nil, "")
	}
	return w.documents, w.read(ctx)
}

// period finds the period of a report that a day lies in. Without a day it is the last
// one that the data are complete of: a week is not before its Sunday.
func (s span) period(kind Kind, date time.Time) (start, end time.Time) {
	last := date
	if date.IsZero() {
		last = s.newest
	}
	after := last.AddDate(0, 0, 1)
	switch kind {
	case Weekly:
		start = monday(last)
		if date.IsZero() && start.AddDate(0, 0, 6).After(s.last) {
			start = start.AddDate(0, 0, -7)
		}
		return start, start.AddDate(0, 0, 7)
	case Funnel:
		return last.AddDate(0, 0, 1-funnelDays), after
	case Cohorts:
		start = time.Date(last.Year(), last.Month()+1-cohortMonths, 1, 0, 0, 0, 0, time.UTC)
		return start, time.Date(last.Year(), last.Month()+1, 1, 0, 0, 0, 0, time.UTC)
	}
	return last, after
}

func monday(d time.Time) time.Time {
	return d.AddDate(0, 0, -(int(d.Weekday())+6)%7)
}

// read fills the documents.
func (w *work) read(ctx context.Context) error {
	for _, part := range []struct {
		what  string
		read  func(context.Context) error
		kinds []Kind
	}{
		{"figures", w.readFigures, []Kind{Daily, Weekly}},
		{"best sellers", w.readProducts, []Kind{Daily, Weekly}},
		{"changes of sales", w.readMovers, []Kind{Weekly}},
		{"funnel", w.readFunnel, []Kind{Daily, Weekly, Funnel}},
		{"funnel by traffic source", w.readSources, []Kind{Funnel}},
		{"funnel by device", w.readDevices, []Kind{Funnel}},
		{"cohorts", w.readCohorts, []Kind{Cohorts}},
	} {
		if !slices.Contains(part.kinds, w.kind) {
			continue
		}
		if err := part.read(ctx); err != nil {
			return fmt.Errorf("read the %s of %s: %w", part.what, w.start.Format(time.DateOnly), err)
		}
	}
	return nil
}

// query asks for metrics between two days, by store where stores are meant.
func (w *work) query(start, end time.Time, metrics []string, by ...string) semantic.Query {
	q := semantic.Query{Metrics: metrics, Start: start, End: end, Sparse: true, Stores: w.ids, Where: w.where}
	if w.audience == Vendor {
		q.GroupBy = append(q.GroupBy, "store")
	}
	q.GroupBy = append(q.GroupBy, by...)
	return q
}

// document is whose row it is, nil for nobody's.
func (w *work) document(r row) *Document { return w.byStore[r.text("store")] }
