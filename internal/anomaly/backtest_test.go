package anomaly

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"github.com/tiendi/tiendi/internal/chaos"
)

// method finds the days on which something is reported of a series.
type method func(t *testing.T, list []*Series) []Alert

func ours(t *testing.T, list []*Series) []Alert {
	t.Helper()
	found, err := Detect(context.Background(), list, pastDays, shopDays, Defaults(shopBegin))
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(found.Alerts, func(a Alert) bool { return a.Repeated })
}

// zScore is what is usually done: a day is reported when it is more than so
// many standard deviations from the mean of the four weeks before it.
func zScore(threshold float64) method {
	return func(_ *testing.T, list []*Series) (alerts []Alert) {
		for _, s := range list {
			at := func(d int) float64 {
				if s.Kind == Rate {
					return s.Values[d] / s.Totals[d]
				}
				return s.Values[d]
			}
			for day := pastDays; day < shopDays; day++ {
				sum, squares := 0.0, 0.0
				for d := day - 28; d < day; d++ {
					sum, squares = sum+at(d), squares+at(d)*at(d)
				}
				mean := sum / 28
				if math.Abs(at(day)-mean) > threshold*math.Sqrt((squares-28*mean*mean)/27) {
					alerts = append(alerts, Alert{Series: s, Day: day})
				}
			}
		}
		return alerts
	}
}

// backtest is what a method did.
type backtest struct{ stores, falseAlerts, incidents, found int }

func (b backtest) falsePerMonth() float64 { return float64(b.falseAlerts) / float64(b.stores) }
func (b backtest) recall() float64        { return float64(b.found) / float64(b.incidents) }

func (b backtest) String() string {
	return fmt.Sprintf("%.2f false alerts a store and month, %.1f %% of incidents found", b.falsePerMonth(), 100*b.recall())
}

// run plays stores twice, once clean and once with an incident each, on a day of
// its own, half of them up and half of them down by share.
func (b *backtest) run(t *testing.T, m method, seed uint64, stores int, least, most, share float64, visits bool) {
	t.Helper()
	var clean, struck []*Series
	incidents := map[string]incident{}
	for _, dirty := range []bool{false, true} {
		r := rand.New(rand.NewPCG(seed, 7))
		days := sharedDays(r)
		for i := range stores {
			name := strconv.Itoa(i)
			of := incident{day: pastDays + (i*7+int(seed))%monthDays, visits: 1, conversion: 1}
			factor := 1 + share
			if i%2 == 0 {
				factor = 1 - share
			}
			if visits {
				of.visits = factor
			} else {
				of.conversion = factor
			}
			if !dirty {
				of = incident{day: -1}
			}
			incidents[name] = of
			series := newShopStore(r, least, most).series(r, name, days, of)
			if dirty {
				struck = append(struck, series...)
			} else {
				clean = append(clean, series...)
			}
		}
	}
	b.stores += stores
	b.falseAlerts += len(m(t, clean))
	b.incidents += stores
	found := map[string]bool{}
	for _, a := range m(t, struck) {
		if incidents[a.Series.Subject].day == a.Day {
			found[a.Series.Subject] = true
		}
	}
	b.found += len(found)
}

// rounds is how many marketplaces are played.
func rounds(t testing.TB) uint64 {
	t.Helper()
	return uint64(chaos.Rounds(t, 2))
}

// TestBacktestChaos holds Detect to its goals: at most one false alert a store and
// month on clean days, and nine in ten days found on which a store that takes 20
// orders a day or more has half or half as many again of its visits. The figures
// of what is harder are printed beside it.
func TestBacktestChaos(t *testing.T) {
	for _, c := range []struct {
		name        string
		least, most float64
		visits      bool
		recall      float64
	}{
		{"visits change by half, 20 to 200 orders a day", 20, 200, true, 0.9},
		{"visits change by half, 20 to 25 orders a day", 20, 25, true, 0.9},
		{"conversion changes by half, 20 to 25 orders a day", 20, 25, false, 0},
		{"conversion changes by half, 40 to 60 orders a day", 40, 60, false, 0},
		{"conversion changes by half, 60 to 200 orders a day", 60, 200, false, 0},
		{"visits change by half, 3 to 8 orders a day", 3, 8, true, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, m := range []struct {
				name string
				run  method
			}{{"ours", ours}, {"z-score 3", zScore(3)}, {"z-score 3.6", zScore(3.6)}} {
				var b backtest
				for seed := range rounds(t) {
					b.run(t, m.run, seed, 36, c.least, c.most, 0.5, c.visits)
				}
				t.Logf("%-10s %s", m.name, b)
				if m.name == "ours" && (b.falsePerMonth() > 1 || b.recall() < c.recall) {
					t.Errorf("want at most 1 false alert a store and month, and %.0f %% found", 100*c.recall)
				}
			}
		})
	}
}
