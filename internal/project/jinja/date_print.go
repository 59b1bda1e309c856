package jinja

import (
	"fmt"
	"strings"
)

// String is 2020-01-02.
func (d *Date) String() string { return d.t.Format("2006-01-02") }

// Repr is Python's.
func (d *Date) Repr() string {
	return fmt.Sprintf("datetime.date(%d, %d, %d)", d.t.Year(), d.t.Month(), d.t.Day())
}

// String is 2020-01-02 03:04:05.000006+00:00.
func (d *DateTime) String() string { return d.iso(" ", "auto") }

func (d *DateTime) iso(sep, spec string) string {
	s := d.wall.Format("2006-01-02") + sep + clockText(d.micros(), spec)
	if d.zone != nil {
		s += offsetText(d.zone.offset, ":")
	}
	return s
}

// micros is microseconds since midnight.
func (d *DateTime) micros() int64 {
	h, m, s := d.wall.Clock()
	return int64(h*3600+m*60+s)*1e6 + int64(d.wall.Nanosecond()/1000)
}

// clockText is isoformat's time; spec is one of its timespecs.
func clockText(micros int64, spec string) string {
	s, us := micros/1e6, micros%1e6
	full := fmt.Sprintf("%02d:%02d:%02d", s/3600, s/60%60, s%60)
	switch {
	case spec == "hours":
		return full[:2]
	case spec == "minutes":
		return full[:5]
	case spec == "milliseconds":
		return full + fmt.Sprintf(".%03d", us/1000)
	case spec == "microseconds" || spec == "auto" && us != 0:
		return full + fmt.Sprintf(".%06d", us)
	}
	return full
}

// clockArgs are the arguments of a repr: seconds and microseconds only when set.
func clockArgs(micros int64) string {
	s, us := micros/1e6, micros%1e6
	text := fmt.Sprintf("%d, %d", s/3600, s/60%60)
	if s%60 != 0 || us != 0 {
		text += fmt.Sprintf(", %d", s%60)
	}
	if us != 0 {
		text += fmt.Sprintf(", %d", us)
	}
	return text
}

// Repr is Python's.
func (d *DateTime) Repr() string {
	s := fmt.Sprintf("datetime.datetime(%d, %d, %d, %s", d.wall.Year(), d.wall.Month(), d.wall.Day(), clockArgs(d.micros()))
	if d.zone != nil {
		s += ", tzinfo=" + d.zone.Repr()
	}
	return s + ")"
}

// String is 03:04:05.
func (c *Clock) String() string {
	s := clockText(c.micros, "auto")
	if c.zone != nil {
		s += offsetText(c.zone.offset, ":")
	}
	return s
}

// Repr is Python's.
func (c *Clock) Repr() string { return "datetime.time(" + clockArgs(c.micros) + ")" }

// String is 1 day, 2:03:04.
func (d *Duration) String() string {
	days, s, us := d.parts()
	text := fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	if us != 0 {
		text += fmt.Sprintf(".%06d", us)
	}
	switch days {
	case 0:
		return text
	case 1, -1:
		return fmt.Sprintf("%d day, %s", days, text)
	}
	return fmt.Sprintf("%d days, %s", days, text)
}

// Repr is Python's.
func (d *Duration) Repr() string {
	var parts []string
	days, s, us := d.parts()
	for _, p := range []struct {
		name string
		n    int64
	}{{"days", days}, {"seconds", s}, {"microseconds", us}} {
		if p.n != 0 {
			parts = append(parts, fmt.Sprintf("%s=%d", p.name, p.n))
		}
	}
	if parts == nil {
		parts = []string{"0"}
	}
	return "datetime.timedelta(" + strings.Join(parts, ", ") + ")"
}

// String is the name of the zone.
func (z *Zone) String() string { return z.name }

// Repr is pytz's.
func (z *Zone) Repr() string {
	if z.name == "UTC" {
		return "<UTC>"
	}
	kind := "STD"
	if z.dst {
		kind = "DST"
	}
	return fmt.Sprintf("<DstTzInfo %s %s%s %s>", reprStr(z.name), z.abbr, offsetDelta(z.offset), kind)
}

// offsetDelta is an offset as pytz prints it: +2:00:00 or -1 day, 19:00:00.
func offsetDelta(offset int) string {
	s := (&Duration{int64(offset) * 1e6}).String()
	if offset >= 0 {
		return "+" + s
	}
	return s
}
