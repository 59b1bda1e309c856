package jinja

import "time"

// Modules is dbt's modules: datetime, re, itertools and pytz. Make it once and
// share it; templates that change it change it for all.
func Modules() *Dict {
	d := NewDict()
	for _, m := range []struct {
		name string
		make func() *Dict
	}{{"pytz", pytzModule}, {"datetime", datetimeModule}, {"re", reModule}, {"itertools", itertoolsModule}} {
		_ = d.Set(Str(m.name), m.make()) // a str is hashable
	}
	return d
}

func pytzModule() *Dict {
	t := table{}
	t.def("timezone", "zone", func(_ *state, a values) (Value, error) {
		name, err := textArg(a[0])
		if err != nil {
			return nil, err
		}
		if name == "UTC" || name == "utc" {
			return utcZone, nil
		}
		loc, err := time.LoadLocation(name)
		if err != nil || name == "" || name == "Local" {
			return nil, &raised{ValueError, "there is no time zone " + reprStr(name), "zones are named like 'America/New_York'"}
		}
		return firstZone(loc), nil
	})
	t.def("FixedOffset", "minutes", func(_ *state, a values) (Value, error) {
		n, err := intArg(a[0], 0)
		if err != nil || n <= -1440 || n >= 1440 {
			return nil, raise(ValueError, "absolute offset is too large")
		}
		name := "pytz.FixedOffset(" + mustRepr(Int(n)) + ")"
		return &Zone{loc: time.FixedZone("", n*60), name: name, offset: n * 60}, nil
	})
	d := NewDict()
	for _, name := range []string{"timezone", "FixedOffset"} {
		_ = d.Set(Str(name), t[name]) // a str is hashable, here and below
	}
	_ = d.Set(Str("utc"), utcZone)
	_ = d.Set(Str("UTC"), utcZone)
	return d
}

// firstZone is the offset that pytz gives a zone before any date is known:
// mostly the local mean time of the nineteenth century, in whole minutes.
func firstZone(loc *time.Location) *Zone {
	z := zoneAt(loc, time.Date(1800, 1, 1, 0, 0, 0, 0, time.UTC))
	z.offset = int(floorDiv(int64(z.offset)+30, 60) * 60)
	return z
}
