package anomaly

import (
	"math"
	"time"
)

// Kind says how a series varies.
type Kind int

// The kinds of series.
const (
	Count  Kind = iota // whole things, that vary like events do
	Amount             // a sum over things, as money over orders
	Rate               // a share of Totals
)

// Series is one metric of one subject, a value a day from Options.First on.
type Series struct {
	Subject string // whom it is about, as a store's id
	Metric  string
	Kind    Kind
	// Values are NaN on days that say nothing: before the subject existed, or
	// not over yet. Of a Rate they are the number of successes.
	Values []float64
	// Totals are what a Rate is a share of, and the number of things that an
	// Amount adds up, by day; nil for a Count.
	Totals []float64
}

// known says whether the day says anything.
func (s *Series) known(day int) bool { return !math.IsNaN(s.Values[day]) }

// Options say what an alert is.
type Options struct {
	First    time.Time          // day of the first value, at midnight UTC
	Holidays func(day int) bool // days to leave out, both as past and as present; nil for none

	// FDR is the share of false alerts among all alerts that is aimed at.
	FDR float64
	// Alpha is how rare an alert must be at least: one in 1/Alpha of ordinary days.
	Alpha float64
	// MinVolume is the least that must be expected of a Count, of the things of
	// an Amount, and of both outcomes of a Rate.
	MinVolume float64
	// MinEffect is the least change that matters, as a share of what was expected.
	MinEffect float64
	// Cooldown is for how many days after an alert the same deviation is not
	// reported again.
	Cooldown int
}

// Defaults are the options that the backtest holds against its goals.
func Defaults(first time.Time) Options {
	return Options{First: first, FDR: 0.15, Alpha: 0.01, MinVolume: 10, MinEffect: 0.2, Cooldown: 7}
}

func (o *Options) holiday(day int) bool { return o.Holidays != nil && o.Holidays(day) }

func (o *Options) weekday(day int) int { return ((int(o.First.Weekday())+day)%7 + 7) % 7 }

// Window is how many days before a day it is compared with, and Calibration
// how many days the rarity of a deviation is learnt from.
const (
	Window      = 12 * 7
	Calibration = 12 * 7
)

// Alert is a day that is not as expected.
type Alert struct {
	Series *Series
	Day    int // index into the series
	// Value, Expected, Low and High are in the series' own unit; of a Rate they
	// are shares. Low to High is where all but Alpha of ordinary days lie.
	Value, Expected, Low, High float64
	// Since is the first of the days on end that deviate to the same side.
	Since int
	// P is how rare so large a deviation is among ordinary days.
	P float64
	// Repeated says that the same deviation was reported within the cooldown.
	Repeated bool
}

// Up says to which side the day deviates.
func (a *Alert) Up() bool { return a.Value > a.Expected }

// Findings are what a search found.
type Findings struct {
	Alerts []Alert // in order of time
	// Tested are the series of whose last day something could be said.
	Tested []*Series
}
