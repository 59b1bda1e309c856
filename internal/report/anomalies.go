package report

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/tiendi/tiendi/internal/anomaly"
)

// Findings are what was not as expected on one day.
type Findings struct {
	Holiday bool // the day is left out
	Tested  int  // figures of which something could be said
	Alerts  []Alert
	// Continuing are alerts that were reported in the days before, and still hold.
	Continuing []Alert
	More       int // alerts that are only counted; see Brief
}

// Alert is a figure of a day that was not as expected.
type Alert struct {
	Date     time.Time
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
	Repeated            bool      // the same deviation was an alert within the cooldown
}

// Change is the relative change against what was expected, or the difference
// for rates.
func (a *Alert) Change() decimal.NullDecimal {
	return Change(a.Unit, decimal.NewNullDecimal(a.Value), decimal.NewNullDecimal(a.Expected))
}

// SearchOptions says which days are searched.
type SearchOptions struct {
	Schema   string // database of the marts
	Zone     *time.Location
	Date     time.Time // the last of the days; zero: the last complete one that has data
	Days     int       // how many; 0 for one
	Today    time.Time // the current day in Zone, at midnight UTC
	Holidays Holidays
}

// Search is what was not as expected, on the platform and in every store.
type Search struct {
	Start, End time.Time      // the days that were searched: the first, and the one behind the last
	Holiday    bool           // the last day is left out
	Tested     map[string]int // by store's id, "" for the platform: figures of the last day of which something could be said
	Alerts     []Alert        // a day after the other; of a day the platform's first, then what is rarest
}

// ErrIncomplete says that a day is not over, or that its data have not come yet.
var ErrIncomplete = errors.New("the day is not complete")

// replayDays are searched before the first day, to know what was
// reported in them: a deviation that lasts longer has become the usual.
const replayDays = 28

// SearchAnomalies looks for what was not as expected. All stores are searched
// together, whoever asks, so that a vendor is told what the administrator is told
// of his store.
func SearchAnomalies(ctx context.Context, w Warehouse, o SearchOptions) (*Search, error) {
	last, err := LastComplete(ctx, w, o)
	if err != nil {
		return nil, err
	}
	if o.Date.IsZero() {
		o.Date = last
	}
	if o.Date.After(last) {
		return nil, fmt.Errorf("%w: %s; the last one is %s", ErrIncomplete, o.Date.Format(time.DateOnly), last.Format(time.DateOnly))
	}
	h := newHistory(o.Schema, o.Date, max(1, o.Days))
	list, err := h.read(ctx, w)
	if err != nil {
		return nil, fmt.Errorf("read the figures up to %s: %w", o.Date.Format(time.DateOnly), err)
	}
	options := anomaly.Defaults(h.first)
	options.Holidays = func(day int) bool { return o.Holidays.Has(h.first.AddDate(0, 0, day)) }
	found, err := anomaly.Detect(ctx, list, h.days-h.searched-replayDays, h.days, options)
	if err != nil {
		return nil, err
	}
	s := h.result(found)
	s.Holiday = o.Holidays.Has(o.Date)
	return s, s.nameStores(ctx, w, o.Schema)
}

// LastComplete is the last day that is over, by the clock and by the data.
func LastComplete(ctx context.Context, w Warehouse, o SearchOptions) (time.Time, error) {
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
