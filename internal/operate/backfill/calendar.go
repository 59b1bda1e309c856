package backfill

import (
	"fmt"
	"time"
)

// Grain is the size of slices.
type Grain string

// The grains.
const (
	Hour  Grain = "hour"
	Day   Grain = "day"
	Month Grain = "month"
)

// Range is what is rebuilt: [From, To) in the project's time zone.
type Range struct {
	From, To time.Time
	Zone     *time.Location
	Grain    Grain
	// Given says that the grain was asked for: each slice is then a query of
	// its own. Otherwise neighbours of one partition share one.
	Given bool
}

// maxSlices bounds the slices of one model: 11 years of hours.
const maxSlices = 100_000

// ParseRange reads the bounds: days of the zone as 2026-01-31, or moments as
// 2026-01-31T12:00 there, or as RFC 3339. What lies behind the end of the
// present day is cut off, which the notice says.
func ParseRange(from, to, grain string, zone *time.Location, now time.Time) (r Range, notice string, err error) {
	r = Range{Zone: zone, Grain: Grain(grain), Given: grain != ""}
	switch r.Grain {
	case "":
		r.Grain = Day
	case Hour, Day, Month:
	default:
		return r, "", fmt.Errorf("--grain %q: use hour, day or month", grain)
	}
	if r.From, err = bound("--from", from, zone); err != nil {
		return r, "", err
	}
	if r.To, err = bound("--to", to, zone); err != nil {
		return r, "", err
	}
	if !r.From.Before(r.To) {
		return r, "", fmt.Errorf("--from %s does not lie before --to %s (which is exclusive): the range is empty or reversed", from, to)
	}
	if r.From.Year() < 1970 {
		return r, "", fmt.Errorf("--from %s lies before 1970, where no event does", from)
	}
	if !r.From.Before(now) {
		return r, "", fmt.Errorf("--from %s lies in the future: there is nothing to rebuild yet", from)
	}
	if latest := r.next(r.start(now)); r.To.After(latest) {
		notice = fmt.Sprintf("--to %s lies in the future: rebuilding up to %s", to, latest.In(zone).Format(written))
		r.To = latest
	}
	return r, notice, r.check(from, to)
}

// check refuses bounds inside a slice: a part of one cannot be replaced without
// losing the rest.
func (r Range) check(from, to string) error {
	for _, b := range []struct {
		flag, text string
		at         time.Time
	}{{"--from", from, r.From}, {"--to", to, r.To}} {
		if start := r.start(b.at); !start.Equal(b.at) {
			return fmt.Errorf("%s %s does not begin a %s in %s: use %s, or a finer --grain",
				b.flag, b.text, r.Grain, r.Zone, start.In(r.Zone).Format(written))
		}
	}
	return nil
}

const written = "2006-01-02T15:04"

func bound(flag, text string, zone *time.Location) (time.Time, error) {
	if t, err := time.ParseInLocation(time.DateOnly, text, zone); err == nil {
		return DayStart(t.Year(), t.Month(), t.Day(), zone), nil
	}
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02 15:04:05", time.RFC3339} {
		if t, err := time.ParseInLocation(layout, text, zone); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%s %q is no day or time: want 2026-01-31 or 2026-01-31T12:00", flag, text)
}

// DayStart is the first moment of a day. Where a change of the clock skips
// midnight the day begins with the change; where midnight comes twice, with
// the first.
func DayStart(year int, month time.Month, day int, zone *time.Location) time.Time {
	noon := time.Date(year, month, day, 12, 0, 0, 0, zone).Format(time.DateOnly)
	within := func(t time.Time) bool { return t.In(zone).Format(time.DateOnly) == noon }
	t := time.Date(year, month, day, 0, 0, 0, 0, zone)
	if !within(t) { // the hour before what midnight would have been
		_, t = t.ZoneBounds()
		return t.In(zone)
	}
	changed, _ := t.ZoneBounds()
	before := changed.Add(-time.Nanosecond).In(zone)
	if changed.IsZero() || !within(before) {
		return t
	}
	// The clock was set back to this midnight: the day began by the old clock.
	hour, minute, second := before.Clock()
	return before.Add(time.Nanosecond - time.Duration(hour)*time.Hour - time.Duration(minute)*time.Minute - time.Duration(second+1)*time.Second)
}

// start is the beginning of the slice that t lies in.
func (r Range) start(t time.Time) time.Time {
	t = t.In(r.Zone)
	switch r.Grain {
	case Hour:
		_, minute, second := t.Clock()
		return t.Add(-time.Duration(minute)*time.Minute - time.Duration(second)*time.Second - time.Duration(t.Nanosecond()))
	case Month:
		return DayStart(t.Year(), t.Month(), 1, r.Zone)
	}
	return DayStart(t.Year(), t.Month(), t.Day(), r.Zone)
}

// next is the end of the slice that begins at t.
func (r Range) next(t time.Time) time.Time {
	t = t.In(r.Zone)
	switch r.Grain {
	case Hour:
		return t.Add(time.Hour)
	case Month:
		return DayStart(t.Year(), t.Month()+1, 1, r.Zone)
	}
	return DayStart(t.Year(), t.Month(), t.Day()+1, r.Zone)
}

// slices parts the range.
func (r Range) slices() ([]Slice, error) {
	var out []Slice
	for at := r.From; at.Before(r.To); {
		to := r.next(at)
		if to.After(r.To) {
			to = r.To
		}
		if len(out) == maxSlices {
			return nil, fmt.Errorf("more than %d slices of one %s from %s: give a coarser --grain", maxSlices, r.Grain, r.From.Format(time.DateOnly))
		}
		out = append(out, Slice{From: at, To: to})
		at = to
	}
	return out, nil
}

// days parts the range into days, the last of which may be cut short.
func (r Range) days() []Slice {
	days := r
	days.Grain = Day
	out, _ := days.slices() // fewer than those of the range itself, or months of them
	return out
}
