package aggregate

import (
	"time"

	"github.com/tiendi/tiendi/internal/stream/record"
)

const minute = int64(time.Minute / time.Millisecond)

// bounds gives the window that a time lies in, half open, in Unix milliseconds.
func bounds(g record.Grain, ms int64, loc *time.Location) (start, end int64) {
	if g == record.Minute {
		start = ms - ((ms%minute)+minute)%minute
		return start, start + minute
	}
	y, m, d := time.UnixMilli(ms).In(loc).Date()
	start, end = midnight(y, m, d, loc), midnight(y, m, d+1, loc)
	if ms >= end { // clocks went back over midnight: this is yesterday's date once more
		return end, midnight(y, m, d+2, loc)
	}
	return start, end
}

// midnight is the first moment of a day, as the warehouse has it: where clocks leave
// midnight out, the one at which they do; where midnight comes twice, the first.
func midnight(y int, m time.Month, d int, loc *time.Location) int64 {
	t := time.Date(y, m, d, 0, 0, 0, 0, loc)
	since, until := t.ZoneBounds()
	switch h, _, _ := t.Clock(); {
	case h >= 12: // of the day before
		return until.UnixMilli()
	case h > 0 || t.Minute() > 0:
		return since.UnixMilli()
	case since.IsZero():
		return t.UnixMilli()
	}
	_, before := since.Add(-time.Second).Zone()
	_, now := t.Zone()
	if first := t.Add(time.Duration(now-before) * time.Second); before > now && first.Before(since) {
		return first.UnixMilli()
	}
	return t.UnixMilli()
}
