package report

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/tiendi/tiendi/internal/anomaly"
)

// Anomalies is the report of what was not as expected on one day.
type Anomalies struct {
	Date     time.Time // the day, at midnight UTC
	Audience Audience
	Store    *Store // nil for the platform and all stores
	Currency string
	Holiday  bool // the day is left out
	Tested   int  // figures of which something could be said
	Alerts   []Alert
	// Continuing are alerts that were reported in the days before, and still hold.
	Continuing []Alert
}

// Alert is a figure of the day that was not as expected.
type Alert struct {
	Store    *Store // nil for the platform
	Metric   string
	Unit     Unit
	GoodDown bool // smaller is better
	Value    decimal.Decimal
	// Expected, Low and High are estimates: 99 of 100 ordinary days are between
	// Low and High.
	Expected, Low, High decimal.Decimal
	Since               time.Time // first of the days on end that deviate to the same side
	P                   float64   // how rare so large a deviation is among ordinary days
}

// Change is the relative change against what was expected, or the difference
// for rates.
func (a *Alert) Change() decimal.NullDecimal {
	return Change(a.Unit, decimal.NewNullDecimal(a.Value), decimal.NewNullDecimal(a.Expected))
}

// AnomaliesOptions says which day, for whom.
type AnomaliesOptions struct {
	Schema   string // database of the marts
	Zone     *time.Location
	Date     time.Time // zero: the last complete day that has data
	Today    time.Time // the current day in Zone, at midnight UTC
	Audience Audience
	Store    string // id or name, of a vendor's report
	Currency string
	Holidays Holidays
}

// ErrIncomplete says that a day is not over, or that its data have not come yet.
var ErrIncomplete = errors.New("the day is not complete")

// replayDays are searched before the day of the report, to know what was
// reported in them: a deviation that lasts longer has become the usual.
const replayDays = 28

// BuildAnomalies looks for what was not as expected on one day: for a vendor in
// his store, for an administrator on the platform and in every store. Whoever
// asks, all stores are searched together, so that a vendor is told what the
// administrator is told of his store.
func BuildAnomalies(ctx context.Context, w Warehouse, o AnomaliesOptions) (*Anomalies, error) {
	report := &Anomalies{Audience: o.Audience, Currency: o.Currency}
	if o.Audience == Vendor {
		store, err := FindStore(ctx, w, o.Schema, o.Store)
		if err != nil {
			return nil, err
		}
		report.Store = store
	}
	last, err := lastComplete(ctx, w, o)
	if err != nil {
		return nil, err
	}
	if report.Date = o.Date; report.Date.IsZero() {
		report.Date = last
	}
	if report.Date.After(last) {
		return nil, fmt.Errorf("%w: %s; the last one is %s", ErrIncomplete, report.Date.Format(time.DateOnly), last.Format(time.DateOnly))
	}
	history := newHistory(o.Schema, report.Date)
	list, err := history.read(ctx, w)
	if err != nil {
		return nil, fmt.Errorf("read the figures up to %s: %w", report.Date.Format(time.DateOnly), err)
	}
	options := anomaly.Defaults(history.first)
	options.Holidays = func(day int) bool { return o.Holidays.Has(history.first.AddDate(0, 0, day)) }
	found, err := anomaly.Detect(ctx, list, history.days-1-replayDays, history.days, options)
	if err != nil {
		return nil, err
	}
	report.Holiday = o.Holidays.Has(report.Date)
	report.add(found, history)
	return report, report.nameStores(ctx, w, o.Schema)
}

// lastComplete is the last day that is over, by the clock and by the data.
func lastComplete(ctx context.Context, w Warehouse, o AnomaliesOptions) (time.Time, error) {
	through, err := readHorizon(ctx, w, o.Schema)
	if err != nil {
		return time.Time{}, fmt.Errorf("find how far the data reach: %w", err)
	}
	if through.Unix() <= 0 {
		return time.Time{}, fmt.Errorf("%w in %s: load data and run `tiendi build` first", ErrNoData, o.Schema)
	}
	year, month, day := through.Add(quietHours).In(o.Zone).Date()
	last := time.Date(year, month, day-1, 0, 0, 0, 0, time.UTC)
	if yesterday := o.Today.AddDate(0, 0, -1); last.After(yesterday) {
		last = yesterday
	}
	return last, nil
}

// quietHours before midnight may be without an event or an order: then the day
// is complete all the same.
const quietHours = 2 * time.Hour

// add takes the day's alerts, of the report's store alone where it has one.
func (r *Anomalies) add(found *anomaly.Findings, h *history) {
	mine := func(s *anomaly.Series) bool { return r.Store == nil || s.Subject == r.Store.ID }
	for _, s := range found.Tested {
		if mine(s) {
			r.Tested++
		}
	}
	for i := range found.Alerts {
		a := &found.Alerts[i]
		switch {
		case a.Day != h.days-1 || !mine(a.Series):
		case a.Repeated:
			r.Continuing = append(r.Continuing, h.alert(a))
		default:
			r.Alerts = append(r.Alerts, h.alert(a))
		}
	}
	sortAlerts(r.Alerts)
	sortAlerts(r.Continuing)
}
