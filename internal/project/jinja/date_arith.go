package jinja

import (
	"math"
	"time"
)

// dateArith is a op b where one of them is a date or a timedelta, else nil.
func dateArith(op tokenKind, a, b Value) (Value, error) {
	switch x := a.(type) {
	case *DateTime:
		return x.arith(op, b)
	case *Date:
		return x.arith(op, b)
	case *Duration:
		return x.arith(op, b)
	}
	if d, ok := b.(*Duration); ok && isNumber(a) && op == tokMul {
		return d.scale(a)
	}
	return nil, nil
}

func (d *DateTime) arith(op tokenKind, b Value) (Value, error) {
	switch y := b.(type) {
	case *Duration:
		n := y.micros
		if op == tokSub {
			n = -n
		} else if op != tokAdd {
			return nil, nil
		}
		t := addMicros(d.wall, n)
		return &DateTime{t, d.zone}, checkYear(t)
	case *DateTime:
		if op != tokSub {
			return nil, nil
		}
		if (d.zone == nil) != (y.zone == nil) {
			return nil, raise(TypeError, "can't subtract offset-naive and offset-aware datetimes")
		}
		return &Duration{d.instant() - y.instant()}, nil
	}
	return nil, nil
}

// addMicros adds without the overflow that time.Duration has after 292 years.
func addMicros(t time.Time, micros int64) time.Time {
	return t.Add(time.Duration(micros%1e6)*time.Microsecond).Add(0).AddDate(0, 0, int(micros/86400e6)).
		Add(time.Duration(micros/1e6%86400) * time.Second)
}

func (d *Date) arith(op tokenKind, b Value) (Value, error) {
	switch y := b.(type) {
	case *Duration:
		days, _, _ := y.parts()
		if op == tokSub {
			days = -days
		} else if op != tokAdd {
			return nil, nil
		}
		t := d.t.AddDate(0, 0, int(days))
		return &Date{t}, checkYear(t)
	case *Date:
		if op == tokSub {
			return &Duration{d.t.UnixMicro() - y.t.UnixMicro()}, nil
		}
	}
	return nil, nil
}

func (d *Duration) arith(op tokenKind, b Value) (Value, error) {
	switch y := b.(type) {
	case *DateTime, *Date:
		if op == tokAdd {
			return dateArith(op, b, d)
		}
	case *Duration:
		return d.withDuration(op, y)
	case Int, Float, Bool:
		switch op {
		case tokMul:
			return d.scale(b)
		case tokDiv, tokFloorDiv:
			return d.divide(op, b)
		}
	}
	return nil, nil
}

func (d *Duration) withDuration(op tokenKind, y *Duration) (Value, error) {
	switch op {
	case tokAdd:
		return &Duration{d.micros + y.micros}, nil
	case tokSub:
		return &Duration{d.micros - y.micros}, nil
	case tokDiv, tokFloorDiv, tokMod:
		if y.micros == 0 {
			return nil, zeroDivision(tokFloorDiv, true)
		}
		switch op {
		case tokDiv:
			return Float(float64(d.micros) / float64(y.micros)), nil
		case tokMod:
			return &Duration{d.micros - floorDiv(d.micros, y.micros)*y.micros}, nil
		}
		return Int(floorDiv(d.micros, y.micros)), nil
	}
	return nil, nil
}

func (d *Duration) scale(by Value) (Value, error) {
	f, err := toFloat(by)
	if err != nil {
		return nil, err
	}
	if n, ok := smallInt(by); ok && math.Abs(f*float64(d.micros)) < 1<<62 {
		return &Duration{d.micros * n}, nil
	}
	return durationOf(float64(d.micros) * f)
}

func (d *Duration) divide(op tokenKind, by Value) (Value, error) {
	f, err := toFloat(by)
	if err != nil {
		return nil, err
	}
	if f == 0 {
		return nil, zeroDivision(tokFloorDiv, true)
	}
	if n, ok := smallInt(by); ok && op == tokFloorDiv {
		return &Duration{floorDiv(d.micros, n)}, nil
	}
	return durationOf(float64(d.micros) / f)
}

func durationOf(micros float64) (Value, error) {
	if math.IsNaN(micros) || math.Abs(micros) >= 1<<62 {
		return nil, raise(ValueError, "timedelta is out of range")
	}
	return &Duration{int64(math.RoundToEven(micros))}, nil
}
