package report

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/tiendi/tiendi/internal/anomaly"
	"github.com/tiendi/tiendi/internal/console"
)

func sampleAnomalies() *Document {
	number := decimal.RequireFromString
	day := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	findings := &Findings{
		Tested: 148,
		Alerts: []Alert{
			{Metric: "sessions", Unit: Number, Value: number("95"), Expected: number("314"), Low: number("241"), High: number("393"), Since: day, P: 1e-7},
			{
				Store: &Store{ID: "6a0e0a0e-0000-5000-8000-000000000001", Name: "Óptica | Sur"}, Metric: "gmv", Unit: Money,
				Value: number("5183.87"), Expected: number("1622.16"), Low: number("600.31"), High: number("2688.56"), Since: day.AddDate(0, 0, -1), P: 0.0002,
			},
		},
		Continuing: []Alert{
			{Metric: "bounce_rate", Unit: Rate, GoodDown: true, Value: number("0.4"), Expected: number("0.3"), Low: number("0.25"), High: number("0.35"), Since: day.AddDate(0, 0, -3), P: 0.001},
		},
	}
	return &Document{Kind: Anomalies, Start: day, End: day.AddDate(0, 0, 1), Audience: Admin, Currency: "USD", Findings: findings}
}

// TestWriteAnomalies holds every form against its golden file; UPDATE_GOLDEN=1
// writes them anew.
func TestWriteAnomalies(t *testing.T) {
	for _, format := range Formats {
		languages := []Language{English}
		if format == "table" || format == "html" {
			languages = append(languages, Spanish)
		}
		for _, l := range languages {
			var out bytes.Buffer
			if err := Write(&console.Console{Out: &out}, format, sampleAnomalies(), l); err != nil {
				t.Fatal(err)
			}
			golden(t, "anomalies."+string(l)+"."+format, out.Bytes())
		}
	}
	if err := Write(&console.Console{Out: &bytes.Buffer{}}, "xml", sampleAnomalies(), English); err == nil {
		t.Error("an unknown format was taken")
	}
}

// TestSpanishAnomalies wants a Spanish name for every figure that is watched.
func TestSpanishAnomalies(t *testing.T) {
	for name := range watched {
		if spanishMetrics()[name] == "" {
			t.Errorf("%s has no Spanish name", name)
		}
	}
}

func TestVerdict(t *testing.T) {
	for want, r := range map[string]*Findings{
		"is left out":        {Holiday: true},
		"could be looked at": {},
		"as expected":        {Tested: 4},
		"2 of the 4":         {Tested: 4, Alerts: make([]Alert, 1), Continuing: make([]Alert, 1)},
		"4 of them":          {Tested: 9, Alerts: make([]Alert, 1), More: 4},
	} {
		if got := verdict(r, English); !strings.Contains(got, want) {
			t.Errorf("%+v: %s", r, got)
		}
	}
}

func TestHolidays(t *testing.T) {
	h, err := ParseHolidays([]any{"2026-11-27", "12-25", time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC), "02-29"})
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]bool{
		"2026-11-27": true, "2027-11-27": false, "2026-12-25": true, "2031-12-25": true, "2026-05-01": true, "2028-02-29": true, "2026-05-02": false,
	} {
		date, err := time.Parse(time.DateOnly, text)
		if err != nil {
			t.Fatal(err)
		}
		if h.Has(date) != want {
			t.Errorf("%s: %v", text, !want)
		}
	}
	if h, err := ParseHolidays(nil); err != nil || h.Has(time.Time{}) {
		t.Errorf("none: %v, %v", h, err)
	}
	for _, wrong := range []any{"2026-11-27", []any{"27/11/2026"}, []any{"13-01"}, []any{7}} {
		if _, err := ParseHolidays(wrong); err == nil || !strings.Contains(err.Error(), "holidays") {
			t.Errorf("%v: %v", wrong, err)
		}
	}
}

// TestHistory lays rows over days: what has no row is 0 from the second day of
// a subject on, and unknown before; what begins with the history had begun.
func TestHistory(t *testing.T) {
	h := &history{days: 6}
	visits := &anomaly.Series{Metric: "store_visits"}
	h.fill(visits, []int32{1, 3}, []float64{9, 7}, []float64{0, 0})
	if got := orMinusOne(visits.Values); !slices.Equal(got, []float64{-1, -1, 0, 7, 0, 0}) || visits.Totals != nil {
		t.Errorf("%v", got)
	}
	rate := &anomaly.Series{Metric: "conversion_rate"}
	h.fill(rate, []int32{0, 5}, []float64{2, 3}, []float64{20, 30})
	if got := orMinusOne(rate.Values); !slices.Equal(got, []float64{2, 0, 0, 0, 0, 3}) || rate.Totals[5] != 30 || rate.Kind != anomaly.Rate {
		t.Errorf("%v of %v", got, rate.Totals)
	}
	// A day on which the platform has nothing is no store's fault.
	platform := &anomaly.Series{Metric: "sessions", Values: []float64{5, 5, 0, 5, 5, 5}}
	store := &anomaly.Series{Subject: "a", Metric: "store_visits", Values: []float64{1, 2, 0, 0, 5, 6}}
	hideGaps([]*anomaly.Series{store, platform})
	if got := orMinusOne(store.Values); !slices.Equal(got, []float64{1, 2, -1, 0, 5, 6}) || platform.Values[2] != 0 {
		t.Errorf("%v", got)
	}
}

// orMinusOne writes -1 for what is not known.
func orMinusOne(values []float64) []float64 {
	out := slices.Clone(values)
	for i, v := range out {
		if math.IsNaN(v) {
			out[i] = -1
		}
	}
	return out
}

func alertOf(store, metric string, value, expected int64) Alert {
	a := Alert{Metric: metric, Value: decimal.NewFromInt(value), Expected: decimal.NewFromInt(expected)}
	if store != "" {
		a.Store = &Store{ID: store, Name: "of " + store}
	}
	return a
}

func keysOf(list []Alert) (keys []string) {
	for _, a := range list {
		keys = append(keys, a.Key())
	}
	return keys
}

// TestUntold: what a reader was told goes on, whatever a search calls it, and all else is new.
func TestUntold(t *testing.T) {
	d := &Document{Kind: Anomalies, Findings: &Findings{
		Tested: 9, Alerts: []Alert{alertOf("", "orders", 5, 9), alertOf("a", "orders", 5, 9)}, Continuing: []Alert{alertOf("a", "orders", 9, 5), alertOf("b", "gmv", 1, 9)},
	}}
	told := map[string]bool{"a orders down": true, "b gmv down": true}
	of, news := d.Untold(func(key string) bool { return told[key] })
	if !news || !slices.Equal(keysOf(of.Findings.Alerts), []string{" orders down", "a orders up"}) || !slices.Equal(keysOf(of.Findings.Continuing), []string{"a orders down", "b gmv down"}) {
		t.Errorf("%v: %v, %v", news, keysOf(of.Findings.Alerts), keysOf(of.Findings.Continuing))
	}
	if of.Findings.Tested != 9 || len(d.Findings.Alerts) != 2 || d.Findings.Alerts[1].Key() != "a orders down" {
		t.Errorf("the document has changed: %+v", d.Findings)
	}
	if _, news := d.Untold(func(string) bool { return true }); news {
		t.Error("there are news of what was told")
	}
}

// TestBrief: the platform's alerts are all listed, those of stores up to a number.
func TestBrief(t *testing.T) {
	d := &Document{Kind: Anomalies, Findings: &Findings{
		Tested: 9, Alerts: []Alert{alertOf("", "orders", 5, 9), alertOf("a", "orders", 5, 9), alertOf("b", "orders", 5, 9), alertOf("c", "orders", 5, 9)},
		Continuing: []Alert{alertOf("", "gmv", 9, 5), alertOf("b", "gmv", 1, 9)},
	}}
	f := d.Brief(2).Findings
	if f.More != 2 || !slices.Equal(keysOf(f.Alerts), []string{" orders down", "a orders down", "b orders down"}) || !slices.Equal(keysOf(f.Continuing), []string{" gmv up"}) {
		t.Errorf("%d more, %v, %v", f.More, keysOf(f.Alerts), keysOf(f.Continuing))
	}
	if got := strings.Join(Lines(d.Brief(2), English), "\n"); !strings.Contains(got, "6 of the 9") || !strings.Contains(got, "2 of them") || !strings.Contains(got, "of a, Orders: 5, expected 9 (-44.4%)") {
		t.Error(got)
	}
	if f := d.Brief(9).Findings; f.More != 0 || len(f.Alerts) != 4 || len(f.Continuing) != 2 {
		t.Errorf("%+v", f)
	}
}

// TestDocuments: each store's has its own alerts of the last day, the administrators' all.
func TestDocuments(t *testing.T) {
	day := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	of := func(a Alert, date time.Time, repeated bool) Alert { a.Date, a.Repeated = date, repeated; return a }
	s := &Search{Start: day.AddDate(0, 0, -1), End: day.AddDate(0, 0, 1), Tested: map[string]int{"": 7, "a": 4, "b": 2}, Alerts: []Alert{
		of(alertOf("a", "gmv", 1, 9), day.AddDate(0, 0, -1), false), of(alertOf("", "orders", 5, 9), day, false), of(alertOf("a", "orders", 5, 9), day, false), of(alertOf("b", "gmv", 5, 9), day, true),
	}}
	all := s.Documents(nil, "USD")[0]
	if all.Findings.Tested != 13 || !slices.Equal(keysOf(all.Findings.Alerts), []string{" orders down", "a orders down"}) || !slices.Equal(keysOf(all.Findings.Continuing), []string{"b gmv down"}) || !all.Start.Equal(day) || all.Empty() {
		t.Errorf("%+v", all.Findings)
	}
	list := s.Documents([]Store{{ID: "b"}, {ID: "c"}, {ID: "a"}}, "USD")
	a, b, c := list[2], list[0], list[1]
	if a.Findings.Tested != 4 || !slices.Equal(keysOf(a.Findings.Alerts), []string{"a orders down"}) || len(a.Findings.Continuing) != 0 {
		t.Errorf("a: %+v", a.Findings)
	}
	if b.Findings.Tested != 2 || len(b.Findings.Alerts) != 0 || !slices.Equal(keysOf(b.Findings.Continuing), []string{"b gmv down"}) || b.Audience != Vendor || b.Store.ID != "b" {
		t.Errorf("b: %+v", b.Findings)
	}
	if !c.Empty() || c.Findings.Tested != 0 {
		t.Errorf("c: %+v", c.Findings)
	}
}
