package jinja

import (
	"cmp"
	"fmt"
	"time"
	_ "time/tzdata" // time zones must not depend on the host
)

// Date is datetime.date.
type Date struct{ t time.Time } // midnight UTC

// DateTime is datetime.datetime: a wall clock, with a zone or without.
type DateTime struct {
	wall time.Time // what the clock shows, as if it were UTC
	zone *Zone     // nil for a naive one
}

// Clock is datetime.time.
type Clock struct {
	micros int64 // since midnight
	zone   *Zone
}

// Duration is datetime.timedelta.
type Duration struct{ micros int64 }

// Zone is a tzinfo as pytz makes them: one offset of a named time zone.
type Zone struct {
	loc    *time.Location
	name   string
	abbr   string
	offset int // seconds east of UTC
	dst    bool
}

// strftimer formats itself by strftime directives.
type strftimer interface {
	strftime(format string) (string, error)
}

// NewDateTime makes a datetime of t: naive when aware is false, else in t's zone.
func NewDateTime(t time.Time, aware bool) *DateTime {
	d := &DateTime{wall: wallOf(t)}
	if aware {
		d.zone = zoneAt(t.Location(), t)
	}
	return d
}

// NewDate makes a date of t's day.
func NewDate(t time.Time) *Date {
	y, m, d := t.Date()
	return &Date{time.Date(y, m, d, 0, 0, 0, 0, time.UTC)}
}

// Time is the instant of the datetime; a naive one is taken as UTC.
func (d *DateTime) Time() time.Time {
	if d.zone == nil {
		return d.wall
	}
	return d.wall.Add(-time.Duration(d.zone.offset) * time.Second).In(d.zone.loc)
}

// wallOf is what t's clock shows, to the microsecond.
func wallOf(t time.Time) time.Time {
	y, m, d := t.Date()
	h, mi, s := t.Clock()
	return time.Date(y, m, d, h, mi, s, t.Nanosecond()/1000*1000, time.UTC)
}

// zoneAt is the zone with the offset that it has at t.
func zoneAt(loc *time.Location, t time.Time) *Zone {
	t = t.In(loc)
	abbr, offset := t.Zone()
	return &Zone{loc: loc, name: loc.String(), abbr: abbr, offset: offset, dst: t.IsDST()}
}

var utcZone = &Zone{loc: time.UTC, name: "UTC", abbr: "UTC"}

// Type is "datetime.date".
func (*Date) Type() string { return "datetime.date" }

// Type is "datetime.datetime".
func (*DateTime) Type() string { return "datetime.datetime" }

// Type is "datetime.time".
func (*Clock) Type() string { return "datetime.time" }

// Type is "datetime.timedelta".
func (*Duration) Type() string { return "datetime.timedelta" }

// Type is the pytz class.
func (z *Zone) Type() string {
	if z.loc == time.UTC {
		return "UTC"
	}
	return z.name
}

// HashKey makes equal dates one key.
func (d *Date) HashKey() any { return *d }

type instantKey struct {
	micros int64
	aware  bool
}

// HashKey makes equal datetimes one key.
func (d *DateTime) HashKey() any { return instantKey{d.instant(), d.zone != nil} }

// HashKey makes equal timedeltas one key.
func (d *Duration) HashKey() any { return *d }

type clockKey int64

// HashKey makes equal times one key.
func (c *Clock) HashKey() any { return clockKey(c.micros) }

// instant is microseconds since 1970, of the wall clock for naive ones.
func (d *DateTime) instant() int64 {
	n := d.wall.UnixMicro()
	if d.zone != nil {
		n -= int64(d.zone.offset) * 1e6
	}
	return n
}

func (d *Date) compareTo(v Value) (int, bool) {
	o, ok := v.(*Date)
	if !ok {
		return 0, false
	}
	return d.t.Compare(o.t), true
}

func (d *DateTime) compareTo(v Value) (int, bool) {
	o, ok := v.(*DateTime)
	if !ok || (o.zone == nil) != (d.zone == nil) {
		return 0, false
	}
	return cmp.Compare(d.instant(), o.instant()), true
}

func (d *Duration) compareTo(v Value) (int, bool) {
	o, ok := v.(*Duration)
	if !ok {
		return 0, false
	}
	return cmp.Compare(d.micros, o.micros), true
}

func (c *Clock) compareTo(v Value) (int, bool) {
	o, ok := v.(*Clock)
	if !ok {
		return 0, false
	}
	return cmp.Compare(c.micros, o.micros), true
}

// Truth is false for no time at all.
func (d *Duration) Truth() bool { return d.micros != 0 }

// days, seconds and microseconds as Python normalizes them.
func (d *Duration) parts() (days, seconds, micros int64) {
	const day = 86400 * 1e6
	days = floorDiv(d.micros, day)
	rest := d.micros - days*day
	return days, rest / 1e6, rest % 1e6
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q
}

// checkYear keeps dates within Python's years 1 to 9999.
func checkYear(t time.Time) error {
	if y := t.Year(); y < 1 || y > 9999 {
		return raise(ValueError, "date value out of range")
	}
	return nil
}

func offsetText(offset int, sep string) string {
	sign := "+"
	if offset < 0 {
		sign, offset = "-", -offset
	}
	s := fmt.Sprintf("%s%02d%s%02d", sign, offset/3600, sep, offset/60%60)
	if offset%60 != 0 {
		s += fmt.Sprintf("%s%02d", sep, offset%60)
	}
	return s
}
