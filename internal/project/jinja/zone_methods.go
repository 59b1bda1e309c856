package jinja

import "time"

func inZone(at time.Time, z *Zone) *DateTime {
	local := at.In(z.loc)
	return &DateTime{wallOf(local), zoneAt(z.loc, at)}
}

// zoneQueries adds utcoffset, tzname and dst.
func zoneQueries(t table, zone func(v Value) *Zone) {
	query := func(name string, fn func(z *Zone) Value) {
		t.def(name, "self", func(_ *state, a values) (Value, error) {
			if z := zone(a[0]); z != nil {
				return fn(z), nil
			}
			return None, nil
		})
	}
	query("utcoffset", func(z *Zone) Value { return &Duration{int64(z.offset) * 1e6} })
	query("tzname", func(z *Zone) Value { return Str(z.abbr) })
	query("dst", func(z *Zone) Value {
		if z.dst {
			return &Duration{3600 * 1e6}
		}
		return &Duration{}
	})
}

func zoneTable() table {
	t := table{}
	t.def("localize", "self dt is_dst?", func(_ *state, a values) (Value, error) {
		d, ok := a[1].(*DateTime)
		if !ok {
			return nil, raise(TypeError, "localize() wants a datetime, not %s", a[1].Type())
		}
		if d.zone != nil {
			return nil, raise(ValueError, "Not naive datetime (tzinfo is already set)")
		}
		z := a[0].(*Zone)
		w := d.wall
		at := time.Date(w.Year(), w.Month(), w.Day(), w.Hour(), w.Minute(), w.Second(), w.Nanosecond(), z.loc)
		return &DateTime{w, zoneAt(z.loc, at)}, nil
	})
	t.def("normalize", "self dt", func(_ *state, a values) (Value, error) {
		d, ok := a[1].(*DateTime)
		if !ok || d.zone == nil {
			return nil, raise(ValueError, "Naive time - no tzinfo set")
		}
		return inZone(d.Time(), a[0].(*Zone)), nil
	})
	t.def("tzname", "self dt?", func(_ *state, a values) (Value, error) { return Str(a[0].(*Zone).abbr), nil })
	t.def("utcoffset", "self dt?", func(_ *state, a values) (Value, error) {
		return &Duration{int64(a[0].(*Zone).offset) * 1e6}, nil
	})
	return t
}
