package anomaly

import (
	"math"
	"math/rand/v2"
	"time"
)

// The shops of the backtest are made after the generated marketplace
// (internal/ingest/generate): its weekdays, growth, pay days and the chance of
// each day, which all stores share; beyond it, stores have weekdays of their
// own, days of their own, and a share of orders that wanders.

var shopBegin = time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)

// Days of a backtest: a past, and the month that is looked at.
const (
	pastDays  = Window + Calibration
	monthDays = 30
	shopDays  = pastDays + monthDays
)

// incident changes one day of a store: the visits, or the share of them that
// order.
type incident struct {
	day                int
	visits, conversion float64 // factors
}

// shopStore is a store's own manner.
type shopStore struct {
	orders, conversion, basket float64
	weekdays                   [7]float64
}

func newShopStore(r *rand.Rand, least, most float64) shopStore {
	s := shopStore{
		orders:     least * math.Pow(most/least, r.Float64()),
		conversion: 0.02 + 0.04*r.Float64(),
		basket:     15 * math.Exp(1.5*r.Float64()),
	}
	for w := range s.weekdays {
		s.weekdays[w] = math.Exp(0.15 * r.NormFloat64())
	}
	return s
}

// sharedDays is how busy each day is for all stores.
func sharedDays(r *rand.Rand) []float64 {
	of := [7]float64{1.08, 1.05, 1, 1, 1.02, 0.97, 0.93}
	days := make([]float64, shopDays)
	for d := range days {
		date := shopBegin.AddDate(0, 0, d)
		days[d] = (1 + 0.002*float64(d)) * of[date.Weekday()] * (0.92 + 0.16*r.Float64())
		if date.Day() == 15 || date.AddDate(0, 0, 1).Day() == 1 {
			days[d] *= 1.08
		}
	}
	return days
}

// series plays the store's days. Orders are expected to be s.orders on the
// average day of the month that is looked at.
func (s shopStore) series(r *rand.Rand, name string, days []float64, of incident) []*Series {
	visits, orders, gmv := make([]float64, shopDays), make([]float64, shopDays), make([]float64, shopDays)
	usual := 0.0
	for d := pastDays; d < shopDays; d++ {
		usual += days[d] / monthDays
	}
	for d := range days {
		conversion := s.conversion * math.Exp(0.04*r.NormFloat64())
		busy := days[d] / usual * s.weekdays[(int(shopBegin.Weekday())+d)%7] * math.Exp(0.05*r.NormFloat64())
		if d == of.day {
			busy *= of.visits
			conversion *= of.conversion
		}
		visits[d] = poisson(r, s.orders/s.conversion*busy)
		orders[d] = min(visits[d], poisson(r, visits[d]*conversion))
		for range int(orders[d]) {
			gmv[d] += s.basket * math.Exp(0.7*r.NormFloat64())
		}
	}
	return []*Series{
		{Subject: name, Metric: "store_visits", Kind: Count, Values: visits},
		{Subject: name, Metric: "orders", Kind: Count, Values: orders},
		{Subject: name, Metric: "gmv", Kind: Amount, Values: gmv, Totals: orders},
		{Subject: name, Metric: "conversion_rate", Kind: Rate, Values: orders, Totals: visits},
	}
}

// poisson draws how many events there are where mean are expected: by Knuth's
// product where they are few, and by the normal approximation where many.
func poisson(r *rand.Rand, mean float64) float64 {
	if mean > 50 {
		return max(0, math.Round(mean+math.Sqrt(mean)*r.NormFloat64()))
	}
	limit, product, n := math.Exp(-mean), r.Float64(), 0.0
	for product > limit {
		product *= r.Float64()
		n++
	}
	return n
}
