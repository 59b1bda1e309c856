package aggregate

import (
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/stream/record"
)

// TestDays walks through years in quarters of an hour, in places whose clocks leave
// midnight out, have it twice, or go back over it.
func TestDays(t *testing.T) {
	for _, name := range []string{
		"UTC", "America/Santiago", "America/Sao_Paulo", "America/Havana", "America/Mexico_City", "America/St_Johns", "Asia/Kathmandu", "Pacific/Apia",
	} {
		loc := mustLoad(name)
		const step = 15 * 60 * 1000
		at := time.Date(2009, 6, 1, 0, 0, 0, 0, loc).UnixMilli()
		date := ""
		var start, end int64
		for ; at < 1_800_000_000_000; at += step {
			// Dates only go up; a day begins where its date is there first.
			if today := time.UnixMilli(at).In(loc).Format(time.DateOnly); today > date {
				if date != "" && at != end {
					t.Errorf("%s: %s begins at %d, and the day before ended at %d", name, today, at, end)
				}
				date, start = today, at
				_, end = bounds(record.Day, at, loc)
			}
			if s, e := bounds(record.Day, at, loc); s != start || e != end {
				t.Fatalf("%s: %d is in the day %d to %d, want %d to %d (%s)", name, at, s, e, start, end, date)
			}
		}
	}
}

func TestMinutes(t *testing.T) {
	for ms, want := range map[int64]int64{0: 0, 59_999: 0, 60_000: 60_000, -1: -60_000, -60_000: -60_000} {
		if start, end := bounds(record.Minute, ms, lima); start != want || end != want+60_000 {
			t.Errorf("%d is in the minute %d to %d", ms, start, end)
		}
	}
}
