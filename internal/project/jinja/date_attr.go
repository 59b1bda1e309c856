package jinja

import "time"

// Attr gives year, month and day.
func (d *Date) Attr(name string) (Value, bool) { return dayAttr(d.t, name) }

func dayAttr(t time.Time, name string) (Value, bool) {
	switch name {
	case "year":
		return Int(t.Year()), true
	case "month":
		return Int(t.Month()), true
	case "day":
		return Int(t.Day()), true
	}
	return nil, false
}

func clockAttr(micros int64, zone *Zone, name string) (Value, bool) {
	switch name {
	case "hour":
		return Int(micros / 3600e6), true
	case "minute":
		return Int(micros / 60e6 % 60), true
	case "second":
		return Int(micros / 1e6 % 60), true
	case "microsecond":
		return Int(micros % 1e6), true
	case "fold":
		return Int(0), true
	case "tzinfo":
		if zone == nil {
			return None, true
		}
		return zone, true
	}
	return nil, false
}

// Attr gives year to microsecond, and tzinfo.
func (d *DateTime) Attr(name string) (Value, bool) {
	if v, ok := dayAttr(d.wall, name); ok {
		return v, true
	}
	return clockAttr(d.micros(), d.zone, name)
}

// Attr gives hour to microsecond.
func (c *Clock) Attr(name string) (Value, bool) { return clockAttr(c.micros, c.zone, name) }

// Attr gives days, seconds and microseconds.
func (d *Duration) Attr(name string) (Value, bool) {
	days, s, us := d.parts()
	switch name {
	case "days":
		return Int(days), true
	case "seconds":
		return Int(s), true
	case "microseconds":
		return Int(us), true
	}
	return nil, false
}

// Attr gives the zone's name.
func (z *Zone) Attr(name string) (Value, bool) {
	if name == "zone" {
		return Str(z.name), true
	}
	return nil, false
}
