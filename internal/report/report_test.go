package report

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/tiendi/tiendi/internal/console"
)

func known(text string) decimal.NullDecimal {
	return decimal.NewNullDecimal(decimal.RequireFromString(text))
}

// samples are a report of each kind, with a store and a product that are called so as
// to do harm.
func samples() map[string]*Document {
	history := make([]decimal.NullDecimal, historyDays)
	for i := range history {
		history[i] = decimal.NewNullDecimal(decimal.NewFromInt(int64(i * 100)))
	}
	history[3] = decimal.NullDecimal{}
	day := func(month time.Month, d int) time.Time { return time.Date(2026, month, d, 0, 0, 0, 0, time.UTC) }
	store := &Store{ID: "6a0e0a0e-0000-5000-8000-000000000001", Name: `<script>alert("Óptica")</script> & Sur`}
	daily := &Document{
		Kind: Daily, Start: day(3, 2), End: day(3, 3), Audience: Vendor, Currency: "USD", Store: store,
		Figures: []Figure{
			{Name: "gmv", Label: "GMV", Unit: Money, Value: known("1300"), Earlier: []decimal.NullDecimal{known("1200"), known("0")}, History: history},
			{Name: "orders", Label: "Orders", Unit: Number, Value: known("13"), Earlier: []decimal.NullDecimal{known("12"), known("13")}, History: history},
			{Name: "bounce_rate", Label: "Bounce rate", Unit: Rate, GoodDown: true, Value: known("0.4"), Earlier: []decimal.NullDecimal{known("0.38"), {}}, History: make([]decimal.NullDecimal, historyDays)},
			{Name: "api_latency_p95_ms", Unit: Millis, GoodDown: true, Value: known("1234.5"), Earlier: []decimal.NullDecimal{known("2469"), known("1234.5")}, History: history},
		},
		Products: []Product{{Name: "Lentes | \"sol\" <b>", Units: 12, GMV: decimal.RequireFromString("1200.5"), Views: 1000, ConversionRate: known("0.0125")}},
		Funnel:   []Step{{"visit", 200}, {"product_viewed", 100}, {"purchase_completed", 3}},
	}
	weekly := *daily
	weekly.Kind, weekly.Start, weekly.End, weekly.Store, weekly.Audience = Weekly, day(2, 23), day(3, 2), nil, Admin
	weekly.Movers = []Mover{{"Óptica Sur", decimal.RequireFromString("1500"), decimal.RequireFromString("1000")}, {"Nueva", decimal.RequireFromString("10"), decimal.Decimal{}}}
	return map[string]*Document{
		"daily": daily, "weekly": &weekly,
		"funnel": {
			Kind: Funnel, Start: day(2, 2), End: day(3, 2), Audience: Vendor, Store: store, Currency: "USD", Funnel: daily.Funnel,
			Sources: []Split{{"google", daily.Funnel}, {"", []Step{{"visit", 0}, {"product_viewed", 0}, {"purchase_completed", 0}}}},
			Devices: []Split{{"mobile", daily.Funnel}},
		},
		"cohorts": {
			Kind: Cohorts, Start: time.Date(2025, 4, 1, 0, 0, 0, 0, time.UTC), End: day(4, 1), Audience: Admin, Currency: "USD",
			Cohorts: []Cohort{{day(1, 1), 40, []int64{40, 10, 8}}, {day(2, 1), 1000, []int64{1000, 333}}, {day(3, 1), 7, []int64{7}}},
		},
		"empty": {Kind: Daily, Start: day(3, 2), End: day(3, 3), Audience: Vendor, Store: store, Currency: "USD"},
	}
}

// TestWrite holds every form of every report, in both languages where they are for people,
// against its golden file; UPDATE_GOLDEN=1 writes them anew.
func TestWrite(t *testing.T) {
	for name, d := range samples() {
		for _, format := range Formats {
			languages := []Language{English}
			if format == "table" || format == "html" {
				languages = append(languages, Spanish)
			}
			for _, l := range languages {
				var out bytes.Buffer
				if err := Write(&console.Console{Out: &out}, format, d, l); err != nil {
					t.Fatal(err)
				}
				golden(t, name+"."+string(l)+"."+format, out.Bytes())
			}
		}
	}
	if err := Write(&console.Console{Out: &bytes.Buffer{}}, "xml", samples()["daily"], English); err == nil {
		t.Error("an unknown format was taken")
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("what is written differs from %s:\n%s", file, got)
	}
}

func TestChange(t *testing.T) {
	none := decimal.NullDecimal{}
	for _, c := range []struct {
		unit        Unit
		now, before decimal.NullDecimal
		want        string
	}{
		{Money, known("150"), known("100"), "+50.0%"},
		{Money, known("-50"), known("-100"), "+50.0%"},
		{Money, known("1"), known("0"), unknown},
		{Money, none, known("1"), unknown},
		{Rate, known("0.25"), known("0.3"), "-5.0 pp"},
		{Rate, known("0.25"), known("0"), "+25.0 pp"},
		{Number, known("7"), known("7"), "+0.0%"},
	} {
		if got := English.change(c.unit, c.now, c.before); got != c.want {
			t.Errorf("change(%s, %v, %v) = %q, want %q", c.unit, c.now, c.before, got, c.want)
		}
	}
}

func TestSparkline(t *testing.T) {
	if got, want := sparkline([]decimal.NullDecimal{known("0"), {}, known("50"), known("100")}), "▁ ▄█"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := sparkline([]decimal.NullDecimal{known("0"), known("0")}), "▁▁"; got != want {
		t.Errorf("all zero: got %q, want %q", got, want)
	}
}

// TestSpanish wants a Spanish name for every metric that a report has.
func TestSpanish(t *testing.T) {
	for _, names := range figures {
		for _, name := range names {
			if Spanish.metric(&Figure{Name: name}) == label(name) && name != "gmv" {
				t.Errorf("%s has no Spanish name", name)
			}
		}
	}
	if got := Spanish.amount(Money, known("1234567.5")); got != "1.234.567,50" {
		t.Error(got)
	}
}

func TestPeriods(t *testing.T) {
	day := func(text string) time.Time {
		d, err := time.Parse(time.DateOnly, text)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for _, c := range []struct {
		kind                   Kind
		date, last, start, end string
	}{
		{Daily, "", "2026-03-01", "2026-03-01", "2026-03-02"},
		{Weekly, "", "2026-03-01", "2026-02-23", "2026-03-02"}, // a Sunday
		{Weekly, "", "2026-02-28", "2026-02-16", "2026-02-23"}, // the week is not over
		{Weekly, "2026-02-28", "2026-02-28", "2026-02-23", "2026-03-02"},
		{Funnel, "2026-02-28", "2026-03-05", "2026-02-01", "2026-03-01"},
		{Cohorts, "", "2026-03-31", "2025-04-01", "2026-04-01"},
	} {
		var date time.Time
		if c.date != "" {
			date = day(c.date)
		}
		start, end := span{last: day(c.last), newest: day(c.last)}.period(c.kind, date)
		if got := start.Format(time.DateOnly) + " " + end.Format(time.DateOnly); got != c.start+" "+c.end {
			t.Errorf("%s of %q: %s, want %s %s", c.kind, c.date, got, c.start, c.end)
		}
	}
}

// TestHostileNames wants no name to end up as markup, or as lines of a terminal.
func TestHostileNames(t *testing.T) {
	d := *samples()["daily"]
	d.Store = &Store{Name: "a\x1b[31m\nb\r\u009b<img src=x onerror=alert(1)>\"'&"}
	for _, format := range []string{"html", "table", "markdown"} {
		var out bytes.Buffer
		if err := Write(&console.Console{Out: &out}, format, &d, English); err != nil {
			t.Fatal(err)
		}
		text := out.String()
		if strings.ContainsAny(text, "\x1b\r\u009b") || format != "table" && (strings.Contains(text, "<img") || strings.Contains(text, "<script") || strings.Contains(text, "<b>")) {
			t.Errorf("%s: %q", format, text)
		}
	}
}
