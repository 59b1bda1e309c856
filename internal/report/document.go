package report

import (
	"time"

	"github.com/shopspring/decimal"
)

// Audience is whom a report is for.
type Audience string

// The audiences: a vendor reads about one store, an administrator about the
// whole platform.
const (
	Vendor Audience = "vendor"
	Admin  Audience = "admin"
)

// Unit says how a figure is written.
type Unit string

// The units of figures.
const (
	Money   Unit = "money"   // in the platform's currency, two decimals
	Number  Unit = "count"   // whole things
	Rate    Unit = "rate"    // a share between 0 and 1, shown as a percentage
	Seconds Unit = "seconds" // of time
	Millis  Unit = "ms"      // thousandths of a second
)

// Daily is the report of one day.
type Daily struct {
	Date     time.Time // the day, at midnight UTC
	Audience Audience
	Store    *Store // nil for the platform
	Currency string
	Figures  []Figure
	Products []Product
	Funnel   []Step
}

// Store is whom a vendor's report is about.
type Store struct{ ID, Name string }

// Figure is one KPI of the day with what it is compared with. A value that is
// not known (a rate over nothing, a day without data) is not Valid.
type Figure struct {
	Name      string // the metric's name
	Unit      Unit
	GoodDown  bool // smaller is better, as of bounce rates
	Value     decimal.NullDecimal
	DayBefore decimal.NullDecimal
	WeekAgo   decimal.NullDecimal // the same weekday of the week before
	// History is one value a day, the day itself last.
	History []decimal.NullDecimal
}

// Product is a line of the day's best sellers.
type Product struct {
	Name           string
	Units          int64
	GMV            decimal.Decimal
	Views          int64
	ConversionRate decimal.NullDecimal
}

// Step is one step of the conversion funnel and how many sessions reached it.
type Step struct {
	Name     string
	Sessions int64
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
