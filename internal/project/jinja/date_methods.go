package jinja

import "time"

// dayMethods are what date and datetime share.
func dayMethods(t table, day func(v Value) time.Time) {
	one := func(name string, fn func(t time.Time) Value) {
		t.def(name, "self", func(_ *state, a values) (Value, error) { return fn(day(a[0])), nil })
	}
	one("weekday", func(t time.Time) Value { return Int((t.Weekday() + 6) % 7) })
	one("isoweekday", func(t time.Time) Value { return Int((t.Weekday()+6)%7 + 1) })
	one("toordinal", func(t time.Time) Value { return Int(ordinal(t)) })
	one("isocalendar", func(t time.Time) Value {
		year, week := t.ISOWeek()
		return NewTuple(Int(year), Int(week), Int((t.Weekday()+6)%7+1))
	})
	one("ctime", func(t time.Time) Value { return Str(t.Format("Mon Jan _2 15:04:05 2006")) })
	t.def("strftime", "self format", func(_ *state, a values) (Value, error) {
		format, err := textArg(a[1])
		if err != nil {
			return nil, err
		}
		s, err := a[0].(strftimer).strftime(format)
		return Str(s), err
	})
}

// ordinal counts days from 0001-01-01, which is 1.
func ordinal(t time.Time) int64 { return floorDiv(t.Unix(), 86400) + 719163 }

func dateTable() table {
	t := table{}
	dayMethods(t, func(v Value) time.Time { return v.(*Date).t })
	t.def("isoformat", "self", func(_ *state, a values) (Value, error) { return Str(a[0].(*Date).String()), nil })
	t.def("replace", "self year? month? day?", func(_ *state, a values) (Value, error) {
		d := a[0].(*Date).t
		n, err := intArgs(a[1:], []int{d.Year(), int(d.Month()), d.Day()})
		if err != nil {
			return nil, err
		}
		return makeDate(n)
	})
	return t
}

func intArgs(a values, otherwise []int) ([]int, error) {
	out := make([]int, len(otherwise))
	for i, o := range otherwise {
		var err error
		if out[i], err = intArg(a[i], o); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func datetimeTable() table {
	t := table{}
	dayMethods(t, func(v Value) time.Time { return v.(*DateTime).wall })
	t.def("isoformat", "self sep? timespec?", func(_ *state, a values) (Value, error) {
		sep, given, err := givenText(a[1])
		if err != nil {
			return nil, err
		}
		if !given {
			sep = "T"
		}
		spec, given, err := givenText(a[2])
		if !given {
			spec = "auto"
		}
		return Str(a[0].(*DateTime).iso(sep, spec)), err
	})
	t.def("date", "self", func(_ *state, a values) (Value, error) { return NewDate(a[0].(*DateTime).wall), nil })
	t.def("time", "self", func(_ *state, a values) (Value, error) { return &Clock{micros: a[0].(*DateTime).micros()}, nil })
	t.def("timetz", "self", func(_ *state, a values) (Value, error) {
		d := a[0].(*DateTime)
		return &Clock{d.micros(), d.zone}, nil
	})
	t.def("timestamp", "self", func(_ *state, a values) (Value, error) {
		return Float(float64(a[0].(*DateTime).instant()) / 1e6), nil
	})
	t.def("replace", "self year? month? day? hour? minute? second? microsecond? tzinfo? fold?", replaceDateTime)
	t.def("astimezone", "self tz?", func(_ *state, a values) (Value, error) {
		z := utcZone
		if a[1] != nil {
			var ok bool
			if z, ok = a[1].(*Zone); !ok {
				return nil, raise(TypeError, "tz argument must be an instance of tzinfo")
			}
		}
		return inZone(a[0].(*DateTime).Time(), z), nil
	})
	zoneQueries(t, func(v Value) *Zone { return v.(*DateTime).zone })
	return t
}

func replaceDateTime(_ *state, a values) (Value, error) {
	d := a[0].(*DateTime)
	h, m, s := d.wall.Clock()
	n, err := intArgs(a[1:], []int{d.wall.Year(), int(d.wall.Month()), d.wall.Day(), h, m, s, d.wall.Nanosecond() / 1000})
	if err != nil {
		return nil, err
	}
	zone := d.zone
	if a[8] != nil {
		zone, _ = a[8].(*Zone)
	}
	return makeDateTime(n, zone)
}

func clockTable() table {
	t := table{}
	t.def("isoformat", "self timespec?", func(_ *state, a values) (Value, error) {
		spec, given, err := givenText(a[1])
		if !given {
			spec = "auto"
		}
		return Str(clockText(a[0].(*Clock).micros, spec)), err
	})
	t.def("strftime", "self format", func(_ *state, a values) (Value, error) {
		format, err := textArg(a[1])
		if err != nil {
			return nil, err
		}
		s, err := a[0].(*Clock).strftime(format)
		return Str(s), err
	})
	zoneQueries(t, func(v Value) *Zone { return v.(*Clock).zone })
	return t
}

func durationTable() table {
	t := table{}
	t.def("total_seconds", "self", func(_ *state, a values) (Value, error) {
		return Float(float64(a[0].(*Duration).micros) / 1e6), nil
	})
	return t
}
