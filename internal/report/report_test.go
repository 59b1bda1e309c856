package report

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/tiendi/tiendi/internal/console"
)

func known(text string) decimal.NullDecimal {
	return decimal.NewNullDecimal(decimal.RequireFromString(text))
}

func sample() *Daily {
	history := make([]decimal.NullDecimal, historyDays)
	for i := range history {
		history[i] = decimal.NewNullDecimal(decimal.NewFromInt(int64(i * 100)))
	}
	history[3] = decimal.NullDecimal{}
	return &Daily{
		Date: time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC), Audience: Vendor, Currency: "USD",
		Store: &Store{ID: "6a0e0a0e-0000-5000-8000-000000000001", Name: "Óptica Sur"},
		Figures: []Figure{
			{Name: "gmv", Unit: Money, Value: known("1300"), DayBefore: known("1200"), WeekAgo: known("0"), History: history},
			{Name: "bounce_rate", Unit: Rate, GoodDown: true, Value: known("0.4"), DayBefore: known("0.38"), History: make([]decimal.NullDecimal, historyDays)},
			{Name: "api_latency_p95_ms", Unit: Millis, GoodDown: true, Value: known("1234.5"), DayBefore: known("2469"), WeekAgo: known("1234.5"), History: history},
		},
		Products: []Product{{Name: "Lentes | sol", Units: 12, GMV: decimal.RequireFromString("1200.5"), Views: 1000, ConversionRate: known("0.0125")}},
		Funnel:   []Step{{"visit", 200}, {"product_viewed", 100}, {"purchase_completed", 3}},
	}
}

// TestWrite holds every form of the report against its golden file;
// UPDATE_GOLDEN=1 writes them anew.
func TestWrite(t *testing.T) {
	for _, format := range console.Formats {
		var out bytes.Buffer
		if err := Write(&console.Console{Out: &out}, format, sample()); err != nil {
			t.Fatal(err)
		}
		golden := filepath.Join("testdata", "daily."+format)
		if os.Getenv("UPDATE_GOLDEN") != "" {
			if err := os.WriteFile(golden, out.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(out.Bytes(), want) {
			t.Errorf("%s differs from %s:\n%s", format, golden, out.String())
		}
	}
	if err := Write(&console.Console{Out: &bytes.Buffer{}}, "xml", sample()); err == nil {
		t.Error("an unknown format was taken")
	}
}

// TestFigureNames makes sure that a name means one thing in every report: two
// metrics under one name would be read as each other.
func TestFigureNames(t *testing.T) {
	sources := map[string]string{}
	for _, figures := range [][]figure{vendorFigures, adminFigures} {
		for _, f := range figures {
			source := f.kpi + "." + f.column
			if other, taken := sources[f.name()]; taken && other != source {
				t.Errorf("%s is %s in one report and %s in another", f.name(), other, source)
			}
			sources[f.name()] = source
		}
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
		if got := change(c.unit, c.now, c.before); got != c.want {
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
