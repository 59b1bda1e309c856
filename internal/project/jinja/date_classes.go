package jinja

import (
	"math"
	"time"
)

// class is a Python class: callable, with class methods and constants.
type class struct {
	name  string
	make  *builtin
	attrs table
	is    map[string]Value
}

// Type is "type".
func (*class) Type() string { return "type" }

// String is Python's.
func (c *class) String() string { return "<class " + reprStr(c.name) + ">" }

// Call makes an instance.
func (c *class) Call(call *Call) (Value, error) { return c.make.Call(call) }

// Attr gives a class method or constant.
func (c *class) Attr(name string) (Value, bool) {
	if v, ok := c.is[name]; ok {
		return v, true
	}
	b, ok := c.attrs[name]
	return b, ok
}

func newClass(name, params string, fn func(st *state, a values) (Value, error)) *class {
	t := table{}
	t.def("new", params, fn)
	return &class{name: "datetime." + name, make: t["new"], attrs: table{}, is: map[string]Value{}}
}

// datetimeModule is modules.datetime.
func datetimeModule() *Dict {
	d := NewDict()
	for _, m := range []struct {
		name string
		v    Value
	}{
		{"date", dateClass()}, {"datetime", datetimeClass()}, {"time", clockClass()},
		{"timedelta", durationClass()}, {"tzinfo", newClass("tzinfo", "", func(*state, values) (Value, error) { return utcZone, nil })},
	} {
		_ = d.Set(Str(m.name), m.v) // a str is hashable
	}
	return d
}

func makeDate(n []int) (Value, error) {
	t := time.Date(n[0], time.Month(n[1]), n[2], 0, 0, 0, 0, time.UTC)
	switch {
	case n[0] < 1 || n[0] > 9999:
		return nil, raise(ValueError, "year %d is out of range", n[0])
	case n[1] < 1 || n[1] > 12:
		return nil, raise(ValueError, "month must be in 1..12")
	case t.Day() != n[2]:
		return nil, raise(ValueError, "day is out of range for month")
	}
	return &Date{t}, nil
}

func makeDateTime(n []int, zone *Zone) (Value, error) {
	day, err := makeDate(n)
	if err != nil {
		return nil, err
	}
	micros, err := clockMicros(n[3:])
	if err != nil {
		return nil, err
	}
	return &DateTime{day.(*Date).t.Add(time.Duration(micros) * time.Microsecond), zone}, nil
}

// clockMicros checks hour, minute, second and microsecond and adds them up.
func clockMicros(n []int) (int64, error) {
	for i, unit := range []struct {
		name string
		max  int
	}{{"hour", 23}, {"minute", 59}, {"second", 59}, {"microsecond", 999999}} {
		if n[i] < 0 || n[i] > unit.max {
			return 0, raise(ValueError, "%s must be in 0..%d", unit.name, unit.max)
		}
	}
	return int64(n[0]*3600+n[1]*60+n[2])*1e6 + int64(n[3]), nil
}

func dateClass() *class {
	c := newClass("date", "year month day", func(_ *state, a values) (Value, error) {
		n, err := intArgs(a, []int{0, 0, 0})
		if err != nil {
			return nil, err
		}
		return makeDate(n)
	})
	c.attrs.def("today", "", func(st *state, _ values) (Value, error) { return NewDate(st.opts.Now()), nil })
	c.attrs.def("fromisoformat", "text", func(_ *state, a values) (Value, error) {
		v, err := parseISO(a[0])
		if err != nil {
			return nil, err
		}
		return NewDate(v.wall), nil
	})
	c.attrs.def("fromordinal", "n", func(_ *state, a values) (Value, error) {
		n, err := intArg(a[0], 0)
		t := time.Unix(0, 0).UTC().AddDate(0, 0, n-719163)
		return &Date{t}, orElse(err, checkYear(t))
	})
	c.is["min"] = &Date{time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)}
	c.is["max"] = &Date{time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)}
	return c
}

func clockClass() *class {
	return newClass("time", "hour? minute? second? microsecond? tzinfo?", func(_ *state, a values) (Value, error) {
		n, err := intArgs(a, []int{0, 0, 0, 0})
		if err != nil {
			return nil, err
		}
		micros, err := clockMicros(n)
		zone, _ := orNone(a[4]).(*Zone)
		return &Clock{micros, zone}, err
	})
}

func durationClass() *class {
	return newClass("timedelta", "days? seconds? microseconds? milliseconds? minutes? hours? weeks?", func(_ *state, a values) (Value, error) {
		total, whole := 0.0, int64(0)
		for i, unit := range []int64{86400e6, 1e6, 1, 1e3, 60e6, 3600e6, 7 * 86400e6} {
			if a[i] == nil {
				continue
			}
			if !isNumber(a[i]) {
				return nil, raise(TypeError, "unsupported type for timedelta component: %s", a[i].Type())
			}
			f, err := toFloat(a[i])
			if err != nil || math.Abs(f)*float64(unit) >= 1<<60 {
				return nil, raise(ValueError, "timedelta is out of range")
			}
			if n, ok := smallInt(a[i]); ok {
				whole += n * unit
			} else {
				total += f * float64(unit)
			}
		}
		return &Duration{whole + int64(math.RoundToEven(total))}, nil
	})
}
