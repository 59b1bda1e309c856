package anomaly

import (
	"context"
	"math"
	"math/rand/v2"
	"strconv"
	"testing"
)

// quietShops are stores with about 100 orders a day and nothing unusual but
// chance; touch may change them.
func quietShops(touch func(s *Series)) []*Series {
	r := rand.New(rand.NewPCG(9, 9))
	var list []*Series
	for i := range 12 {
		s := &Series{Subject: strconv.Itoa(i), Metric: "orders", Kind: Count, Values: make([]float64, shopDays)}
		for d := range s.Values {
			s.Values[d] = poisson(r, 100)
			if (d+int(shopBegin.Weekday()))%7 == 0 {
				s.Values[d] = poisson(r, 160) // Sundays are busier
			}
		}
		list = append(list, s)
	}
	touch(list[0])
	return list
}

func detect(t *testing.T, list []*Series, from, to int, o Options) *Findings {
	t.Helper()
	found, err := Detect(context.Background(), list, from, to, o)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// of gives the days on which something is reported of a subject.
func (f *Findings) of(subject string) (fresh, repeated []int, alerts []Alert) {
	for _, a := range f.Alerts {
		switch {
		case a.Series.Subject != subject:
		case a.Repeated:
			repeated = append(repeated, a.Day)
		default:
			fresh, alerts = append(fresh, a.Day), append(alerts, a)
		}
	}
	return fresh, repeated, alerts
}

const bad = pastDays + 5 // a day of the month that is looked at

func TestOneBadDay(t *testing.T) {
	list := quietShops(func(s *Series) { s.Values[bad] = 40 })
	found := detect(t, list, pastDays, shopDays, Defaults(shopBegin))
	fresh, repeated, alerts := found.of("0")
	if len(fresh) != 1 || fresh[0] != bad || len(repeated) > 0 {
		t.Fatalf("reported on %v, again on %v; want day %d alone", fresh, repeated, bad)
	}
	a := alerts[0]
	if a.Value != 40 || a.Expected < 90 || a.Expected > 110 || a.Up() || a.Since != bad {
		t.Errorf("%+v", a)
	}
	if !(a.Value < a.Low && a.Low < a.Expected && a.Expected < a.High && a.High < 150) {
		t.Errorf("usual is %v to %v around %v", a.Low, a.High, a.Expected)
	}
	if len(found.Tested) != len(list) {
		t.Errorf("%d of %d series were looked at on the last day", len(found.Tested), len(list))
	}
}

// TestItsOwnDayIsNoPast: a day is held against the days before it alone, so
// nothing that comes later changes what is said of it.
func TestItsOwnDayIsNoPast(t *testing.T) {
	of := func(touch func(*Series)) Alert {
		_, _, alerts := detect(t, quietShops(touch), bad, bad+1, Defaults(shopBegin)).of("0")
		if len(alerts) != 1 {
			t.Fatalf("%d alerts", len(alerts))
		}
		alerts[0].Series = nil
		return alerts[0]
	}
	a := of(func(s *Series) { s.Values[bad] = 40 })
	b := of(func(s *Series) {
		s.Values[bad] = 40
		for d := bad + 1; d < shopDays; d++ {
			s.Values[d] = 0
		}
	})
	if a != b {
		t.Errorf("%+v, and with other days after it %+v", a, b)
	}
}

// TestCooldown: a deviation that goes on is reported once a week, and since when.
func TestCooldown(t *testing.T) {
	list := quietShops(func(s *Series) {
		for d := bad; d < bad+11; d++ {
			s.Values[d] *= 0.4
		}
	})
	fresh, repeated, alerts := detect(t, list, pastDays, shopDays, Defaults(shopBegin)).of("0")
	if len(fresh) != 2 || fresh[0] != bad || fresh[1] != bad+8 || len(repeated) < 7 {
		t.Fatalf("reported on %v, again on %v", fresh, repeated)
	}
	for _, a := range alerts {
		if a.Since != bad {
			t.Errorf("on day %d: since %d, want %d", a.Day, a.Since, bad)
		}
	}
	// The other side is another deviation.
	list = quietShops(func(s *Series) { s.Values[bad], s.Values[bad+1] = 40, 250 })
	if fresh, _, _ := detect(t, list, pastDays, shopDays, Defaults(shopBegin)).of("0"); len(fresh) != 2 {
		t.Errorf("a drop and a rise are reported on %v", fresh)
	}
}

func TestHolidaysAreLeftOut(t *testing.T) {
	holiday := bad
	touch := func(s *Series) { s.Values[holiday] = 400 }
	o := Defaults(shopBegin)
	o.Holidays = func(day int) bool { return day == holiday }
	if fresh, _, _ := detect(t, quietShops(touch), pastDays, shopDays, o).of("0"); len(fresh) > 0 {
		t.Errorf("reported on %v, which is a holiday", fresh)
	}
	// As past they do not count either: eight busy Wednesdays are no habit.
	holidays := map[int]bool{}
	touch = func(s *Series) {
		for d := bad - 7; d > bad-63; d -= 7 {
			holidays[d] = true
			s.Values[d] = 300
		}
	}
	o.Holidays = func(day int) bool { return holidays[day] }
	if fresh, _, _ := detect(t, quietShops(touch), bad, bad+1, o).of("0"); len(fresh) > 0 {
		t.Error("a plain day after holidays is reported")
	}
}

// TestNothingIsSaid where there is too little to say something from.
func TestNothingIsSaid(t *testing.T) {
	for name, touch := range map[string]func(*Series){
		"of few": func(s *Series) {
			for d := range s.Values {
				s.Values[d] = float64(d % 4)
			}
			s.Values[bad] = 30
		},
		"of a short past": func(s *Series) {
			for d := range bad - leastDays + 1 {
				s.Values[d] = math.NaN()
			}
			s.Values[bad] = 900
		},
		"of a day that is not known": func(s *Series) { s.Values[bad] = math.NaN() },
		"of nothing at all":          func(s *Series) { clear(s.Values) },
		"of a small change":          func(s *Series) { s.Values[bad] *= 1.1 },
	} {
		list := quietShops(touch)
		if fresh, _, alerts := detect(t, list, bad, bad+1, Defaults(shopBegin)).of("0"); len(fresh) > 0 {
			t.Errorf("%s: %+v", name, alerts)
		}
	}
	if found := detect(t, nil, 0, 10, Defaults(shopBegin)); len(found.Alerts)+len(found.Tested) > 0 {
		t.Errorf("of no series: %+v", found)
	}
}

func TestDetectIsCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Detect(ctx, quietShops(func(*Series) {}), pastDays, shopDays, Defaults(shopBegin)); err == nil {
		t.Error("a search that nobody waits for goes on")
	}
}
