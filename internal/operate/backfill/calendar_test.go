package backfill

import (
	"strings"
	"testing"
	"time"
)

func zoneOf(t testing.TB, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

var now = time.Date(2026, 5, 20, 15, 0, 0, 0, time.UTC)

// TestDayStart has the days that are not like the others: midnight that is skipped,
// midnight that comes twice, and an hour that goes or comes later in the day.
func TestDayStart(t *testing.T) {
	for _, c := range []struct{ zone, day, want string }{
		{"UTC", "2026-03-29", "2026-03-29T00:00:00Z"},
		{"Europe/Madrid", "2026-03-29", "2026-03-28T23:00:00Z"},
		{"Europe/Madrid", "2026-03-30", "2026-03-29T22:00:00Z"},
		{"Europe/Madrid", "2026-10-25", "2026-10-24T22:00:00Z"},
		{"America/Santiago", "2024-09-08", "2024-09-08T04:00:00Z"}, // 00:00 is skipped: the day begins at 01:00
		{"America/Santiago", "2026-04-05", "2026-04-05T04:00:00Z"}, // 23:00 of the day before came twice
		{"America/Havana", "2024-11-03", "2024-11-03T04:00:00Z"},   // 00:00 comes twice
		{"America/Havana", "2024-03-10", "2024-03-10T05:00:00Z"},   // 00:00 is skipped
		{"Australia/Lord_Howe", "2024-04-07", "2024-04-06T13:00:00Z"},
	} {
		day, err := time.Parse(time.DateOnly, c.day)
		if err != nil {
			t.Fatal(err)
		}
		got := DayStart(day.Year(), day.Month(), day.Day(), zoneOf(t, c.zone)).UTC().Format(time.RFC3339)
		if got != c.want {
			t.Errorf("%s in %s begins %s, want %s", c.day, c.zone, got, c.want)
		}
	}
}

// TestSlicesCoverTheRange: in every zone slices follow one another without a gap or
// an overlap, and each day is one.
func TestSlicesCoverTheRange(t *testing.T) {
	for _, name := range []string{"UTC", "Europe/Madrid", "America/Santiago", "America/Havana", "Asia/Kathmandu", "Australia/Lord_Howe"} {
		for _, grain := range []string{"hour", "day", "month"} {
			r, _, err := ParseRange("2024-03-01", "2025-04-01", grain, zoneOf(t, name), now)
			if err != nil {
				t.Fatal(err)
			}
			slices, err := r.slices()
			if err != nil {
				t.Fatal(err)
			}
			at := r.From
			for _, s := range slices {
				if !s.From.Equal(at) || !s.From.Before(s.To) {
					t.Fatalf("%s by %s: a slice from %s to %s after %s", name, grain, s.From, s.To, at)
				}
				at = s.To
			}
			if !at.Equal(r.To) {
				t.Errorf("%s by %s: they end at %s", name, grain, at)
			}
			if want := map[string]int{"day": 396, "month": 13}[grain]; want > 0 && len(slices) != want {
				t.Errorf("%s by %s: %d slices, want %d", name, grain, len(slices), want)
			}
		}
	}
}

func TestRangesRefused(t *testing.T) {
	for _, c := range []struct{ from, to, grain, want string }{
		{"2026-01-02", "2026-01-01", "", "empty or reversed"},
		{"2026-01-02", "2026-01-02", "", "empty or reversed"},
		{"2026-01-02T12:00", "2026-01-05", "", "use 2026-01-02T00:00"},
		{"2026-01-02", "2026-01-05", "month", "does not begin a month"},
		{"2026-01-02", "2026-01-05T00:30", "hour", "does not begin a hour"},
		{"2026-01-02", "2026-01-05", "week", "use hour, day or month"},
		{"yesterday", "2026-01-05", "", "no day or time"},
		{"2026-02-30", "2026-03-05", "", "no day or time"},
		{"1960-01-01", "2026-01-05", "", "before 1970"},
		{"2027-01-01", "2028-01-01", "", "in the future"},
	} {
		if _, _, err := ParseRange(c.from, c.to, c.grain, time.UTC, now); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s to %s by %s: %v, want %q", c.from, c.to, c.grain, err, c.want)
		}
	}
	r, notice, err := ParseRange("2026-05-01", "2030-01-01", "", zoneOf(t, "America/Lima"), now)
	if err != nil || notice == "" || r.To.UTC().Format(time.RFC3339) != "2026-05-21T05:00:00Z" {
		t.Errorf("a range into the future: %s, %q, %v", r.To, notice, err)
	}
	r, _, err = ParseRange("1970-01-01", "2026-01-01", "hour", time.UTC, now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.slices(); err == nil || !strings.Contains(err.Error(), "coarser") {
		t.Errorf("half a million hours: %v", err)
	}
}

// FuzzRange: whatever is given, a range that is taken can be parted.
func FuzzRange(f *testing.F) {
	f.Add("2026-01-01", "2026-02-01", "day", "UTC")
	f.Add("2024-09-08T01:00", "2024-09-09", "hour", "America/Santiago")
	f.Add("2024-11-03T00:00:00-05:00", "2024-11-04", "", "America/Havana")
	f.Fuzz(func(t *testing.T, from, to, grain, zone string) {
		location, err := time.LoadLocation(zone)
		if err != nil {
			return
		}
		r, _, err := ParseRange(from, to, grain, location, now)
		if err != nil {
			return
		}
		slices, err := r.slices()
		if err != nil {
			return
		}
		for i, s := range slices {
			if !s.From.Before(s.To) || i > 0 && !slices[i-1].To.Equal(s.From) {
				t.Fatalf("%s to %s by %q in %s: slice %d is %v", from, to, grain, zone, i, s)
			}
		}
		if len(slices) == 0 || !slices[len(slices)-1].To.Equal(r.To) {
			t.Fatalf("%s to %s by %q in %s does not end at %s", from, to, grain, zone, r.To)
		}
	})
}
