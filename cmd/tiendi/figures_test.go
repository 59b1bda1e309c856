package main

import (
	"math/big"
	"time"
)

// noStore is the id of no store, and of the platform's rows.
const noStore = "00000000-0000-0000-0000-000000000000"

// at names one figure of a KPI: of a period that begins on a day, for the
// platform or a store, and for an item (a product, a category, a step …).
type at struct{ grain, period, scope, store, item string }

// figures are a KPI's values; nil is null. Where a KPI has no figure it is
// null when it is a rate and 0 when it is a count or a sum.
type figures map[at]*big.Rat

type period struct {
	grain string
	start time.Time
}

// periodsOf are the calendar periods that hold a day.
func periodsOf(moment time.Time) []period {
	y, m, d := moment.UTC().Date()
	day := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	first := func(month time.Month) time.Time { return time.Date(y, month, 1, 0, 0, 0, 0, time.UTC) }
	return []period{
		{"day", day},
		{"week", day.AddDate(0, 0, -(int(day.Weekday())+6)%7)},
		{"month", first(m)},
		{"quarter", first((m-1)/3*3 + 1)},
		{"year", first(time.January)},
	}
}

// end is the first moment after the period.
func (p period) end() time.Time {
	switch p.grain {
	case "day":
		return p.start.AddDate(0, 0, 1)
	case "week":
		return p.start.AddDate(0, 0, 7)
	case "month":
		return p.start.AddDate(0, 1, 0)
	case "quarter":
		return p.start.AddDate(0, 3, 0)
	}
	return p.start.AddDate(1, 0, 0)
}

func (p period) at(scope, store, item string) at {
	return at{p.grain, p.start.Format(time.DateOnly), scope, store, item}
}

// add adds an amount to every period of the moment, for the platform and,
// where there is one, for the store.
func (f figures) add(moment time.Time, store, item string, amount *big.Rat) {
	for _, p := range periodsOf(moment) {
		f.addAt(p.at("platform", noStore, item), amount)
		if store != noStore {
			f.addAt(p.at("store", store, item), amount)
		}
	}
}

func (f figures) addAt(key at, amount *big.Rat) {
	if sum, there := f[key]; there {
		sum.Add(sum, amount)
		return
	}
	f[key] = new(big.Rat).Set(amount)
}

// count adds one.
func (f figures) count(moment time.Time, store, item string) { f.add(moment, store, item, one) }

var one = big.NewRat(1, 1)

// over divides; what is divided by 0 is null.
func (f figures) over(divisors figures) figures {
	out := figures{}
	for key, divisor := range divisors {
		out[key] = nil
		if divisor == nil || divisor.Sign() == 0 {
			continue
		}
		dividend := f[key]
		if dividend == nil {
			dividend = new(big.Rat)
		}
		out[key] = new(big.Rat).Quo(dividend, divisor)
	}
	return out
}

// plus adds figure by figure.
func (f figures) plus(more figures) figures {
	out := figures{}
	for _, part := range []figures{f, more} {
		for key, value := range part {
			out.addAt(key, value)
		}
	}
	return out
}

// minusFrom gives n - figure.
func (f figures) minusFrom(n int64) figures {
	out := figures{}
	for key, value := range f {
		if out[key] = nil; value != nil {
			out[key] = new(big.Rat).Sub(big.NewRat(n, 1), value)
		}
	}
	return out
}

// cents rounds money to two decimals, halves away from zero.
func (f figures) cents() figures {
	out := figures{}
	for key, value := range f {
		if out[key] = nil; value != nil {
			out[key], _ = new(big.Rat).SetString(value.FloatString(2))
		}
	}
	return out
}

// distinct counts different members of each figure.
type distinct map[at]map[string]bool

func (d distinct) addAt(key at, member string) {
	if d[key] == nil {
		d[key] = map[string]bool{}
	}
	d[key][member] = true
}

func (d distinct) figures() figures {
	out := figures{}
	for key, members := range d {
		out[key] = big.NewRat(int64(len(members)), 1)
	}
	return out
}
