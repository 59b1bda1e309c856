package report

import (
	"time"

	"github.com/shopspring/decimal"
)

// Kind is which report it is.
type Kind string

// The kinds of reports.
const (
	Daily   Kind = "daily"   // one day, beside the day before and the weekday before
	Weekly  Kind = "weekly"  // a week from Monday, beside the week before and that of a year ago
	Cohorts Kind = "cohorts" // who came back, by the month of the first delivered order
	Funnel  Kind = "funnel"  // how far sessions get, by traffic source and device
	// Anomalies is what was not as expected on one day; Search makes it.
	Anomalies Kind = "anomalies"
)

// Audience is whom a report is for.
type Audience string

// The audiences: a vendor reads about one store, an administrator about the
// whole platform.
const (
	Vendor Audience = "vendor"
	Admin  Audience = "admin"
)

// Unit says how a figure is written: what a metric's meta calls its unit.
type Unit string

// The units of figures.
const (
	Money   Unit = "money"   // in the platform's currency, two decimals
	Number  Unit = "count"   // whole things
	Rate    Unit = "rate"    // a share between 0 and 1, shown as a percentage
	Seconds Unit = "seconds" // of time
	Millis  Unit = "ms"      // thousandths of a second
)

// Document is a report of any kind, before it is laid out.
type Document struct {
	Kind     Kind
	Start    time.Time // its first day, at midnight UTC
	End      time.Time // the day after its last
	Audience Audience
	Store    *Store // nil for the platform
	Currency string
	Figures  []Figure  // daily and weekly
	Products []Product // daily and weekly: the best sellers
	Movers   []Mover   // weekly: whose sales changed most
	Funnel   []Step    // all but cohorts
	Sources  splitList // funnel: by traffic source
	Devices  splitList // funnel: by type of device
	Cohorts  []Cohort
	Findings *Findings // anomalies
}

// Store is whom a vendor's report is about.
type Store struct{ ID, Name string }

// comparisons are what a kind's figures stand beside, by their names in data.
var comparisons = map[Kind][]string{
	Daily:  {"day_before", "week_ago"},
	Weekly: {"week_before", "year_ago"},
}

// Figure is one KPI with what it is compared with. A value that is not known (a
// rate over nothing, a day without data) is not Valid.
type Figure struct {
	Name     string // the metric's name
	Label    string // and how it calls itself
	Unit     Unit
	GoodDown bool // smaller is better, as of bounce rates
	Value    decimal.NullDecimal
	Earlier  []decimal.NullDecimal // as comparisons has them
	// History is a value for each of the last historyDays days.
	History []decimal.NullDecimal
}

// Product is a line of the best sellers.
type Product struct {
	Name           string
	Units          int64
	GMV            decimal.Decimal
	Views          int64
	ConversionRate decimal.NullDecimal
}

// Mover is a product, on the platform a store, whose sales changed.
type Mover struct {
	Name           string
	GMV, GMVBefore decimal.Decimal // of the week, and of the one before
}

// Step is one step of the conversion funnel and how many sessions reached it.
type Step struct {
	Name     string
	Sessions int64
}

// Split is the funnel of those sessions that have something in common.
type Split struct {
	Value string
	Steps []Step
}

// Cohort is who had a first delivered order in the same month.
type Cohort struct {
	Month    time.Time
	Users    int64
	Retained []int64 // who ordered k months later, for k from 0
}

// Heading is the document without its contents: what it is of, and of whom.
func (d *Document) Heading() *Document {
	return &Document{Kind: d.Kind, Start: d.Start, End: d.End, Audience: d.Audience, Store: d.Store, Currency: d.Currency}
}

// Empty says whether nothing happened that the report could tell of.
func (d *Document) Empty() bool {
	if f := d.Findings; f != nil {
		return len(f.Alerts)+len(f.Continuing) == 0
	}
	for _, f := range d.Figures {
		if f.Value.Valid && !f.Value.Decimal.IsZero() {
			return false
		}
	}
	for _, s := range d.Funnel {
		if s.Sessions > 0 {
			return false
		}
	}
	return len(d.Products)+len(d.Movers)+len(d.Cohorts) == 0
}

// Change is how a value stands to an earlier one: the relative change, or the
// difference for rates, where a percentage of a percentage misleads. It is not
// Valid where one of them is unknown or the earlier one is 0.
func Change(unit Unit, now, before decimal.NullDecimal) decimal.NullDecimal {
	if !now.Valid || !before.Valid {
		return decimal.NullDecimal{}
	}
	difference := now.Decimal.Sub(before.Decimal)
	if unit == Rate {
		return decimal.NewNullDecimal(difference)
	}
	if before.Decimal.IsZero() {
		return decimal.NullDecimal{}
	}
	return decimal.NewNullDecimal(difference.DivRound(before.Decimal.Abs(), 6))
}

// share is part of whole, not known where the whole is 0.
func share(part, whole int64) decimal.NullDecimal {
	if whole == 0 {
		return decimal.NullDecimal{}
	}
	return decimal.NewNullDecimal(decimal.NewFromInt(part).DivRound(decimal.NewFromInt(whole), 6))
}
