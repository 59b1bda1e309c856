package jinja

import (
	"math"
	"time"
)

func datetimeClass() *class {
	c := newClass("datetime", "year month day hour? minute? second? microsecond? tzinfo? fold?", func(_ *state, a values) (Value, error) {
		n, err := intArgs(a, make([]int, 7))
		if err != nil {
			return nil, err
		}
		zone, _ := orNone(a[7]).(*Zone)
		return makeDateTime(n, zone)
	})
	c.attrs.def("now", "tz?", func(st *state, a values) (Value, error) {
		if z, ok := orNone(a[0]).(*Zone); ok {
			return inZone(st.opts.Now(), z), nil
		}
		return NewDateTime(st.opts.Now(), false), nil
	})
	c.attrs.def("today", "", func(st *state, _ values) (Value, error) { return NewDateTime(st.opts.Now(), false), nil })
	c.attrs.def("utcnow", "", func(st *state, _ values) (Value, error) {
		return NewDateTime(st.opts.Now().UTC(), false), nil
	})
	c.attrs.def("strptime", "text format", func(_ *state, a values) (Value, error) {
		text, err := textArg(a[0])
		if err != nil {
			return nil, err
		}
		format, err := textArg(a[1])
		if err != nil {
			return nil, err
		}
		return strptime(text, format)
	})
	c.attrs.def("fromisoformat", "text", func(_ *state, a values) (Value, error) {
		d, err := parseISO(a[0])
		if err != nil {
			return nil, err
		}
		return d, nil
	})
	c.attrs.def("fromtimestamp", "seconds tz?", fromTimestamp)
	c.attrs.def("utcfromtimestamp", "seconds", func(st *state, a values) (Value, error) {
		return fromTimestamp(st, values{a[0], nil})
	})
	c.attrs.def("combine", "date time tzinfo?", combineDateTime)
	c.is["min"] = &DateTime{wall: time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)}
	c.is["max"] = &DateTime{wall: time.Date(9999, 12, 31, 23, 59, 59, 999999000, time.UTC)}
	return c
}

func combineDateTime(_ *state, a values) (Value, error) {
	var day time.Time
	switch d := a[0].(type) {
	case *Date:
		day = d.t
	case *DateTime:
		day = NewDate(d.wall).t
	default:
		return nil, raise(TypeError, "combine() argument 1 must be datetime.date, not %s", a[0].Type())
	}
	t, ok := a[1].(*Clock)
	if !ok {
		return nil, raise(TypeError, "combine() argument 2 must be datetime.time, not %s", a[1].Type())
	}
	zone := t.zone
	if z, ok := orNone(a[2]).(*Zone); ok {
		zone = z
	}
	return &DateTime{day.Add(time.Duration(t.micros) * time.Microsecond), zone}, nil
}

// fromTimestamp reads seconds since 1970; without a zone they become UTC's
// clock, whatever the zone of the host.
func fromTimestamp(_ *state, a values) (Value, error) {
	if !isNumber(a[0]) {
		return nil, raise(TypeError, "%s object cannot be interpreted as an integer", reprStr(a[0].Type()))
	}
	f, err := toFloat(a[0])
	if err != nil || math.Abs(f) > 1e12 || math.IsNaN(f) {
		return nil, raise(ValueError, "timestamp out of range")
	}
	t := time.UnixMicro(int64(math.RoundToEven(f * 1e6))).UTC()
	if err := checkYear(t); err != nil {
		return nil, err
	}
	if z, ok := orNone(a[1]).(*Zone); ok {
		return inZone(t, z), nil
	}
	return NewDateTime(t, false), nil
}

// parseISO reads 2020-01-02, with an optional time and offset.
func parseISO(v Value) (*DateTime, error) {
	s, err := textArg(v)
	if err != nil {
		return nil, err
	}
	for _, layout := range isoLayouts {
		for _, sep := range []string{"T", " "} {
			l := layout
			if l != "" {
				l = sep + l
			}
			for _, zone := range []string{"", "Z07:00", "-0700"} {
				t, err := time.Parse("2006-01-02"+l+zone, s)
				if err != nil {
					continue
				}
				if zone == "" {
					return NewDateTime(t, false), nil
				}
				return &DateTime{wallOf(t), fixedZone(t)}, nil
			}
		}
	}
	return nil, raise(ValueError, "Invalid isoformat string: %s", reprStr(s))
}

var isoLayouts = []string{"", "15:04:05.999999", "15:04", "15"}

// fixedZone is the datetime.timezone of an offset.
func fixedZone(t time.Time) *Zone {
	_, offset := t.Zone()
	if offset == 0 {
		return utcZone
	}
	name := "UTC" + offsetText(offset, ":")
	return &Zone{loc: time.FixedZone(name, offset), name: name, abbr: name, offset: offset}
}
