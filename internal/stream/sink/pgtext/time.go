package pgtext

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/tiendi/tiendi/internal/warehouse/native"
)

// The days, counted from the epoch, from 1900-01-01 to 2299-12-31: what the server has
// time zones for.
var firstDay, lastDay = daysBefore(1900, 1), daysBefore(2300, 1) - 1

// newTimes makes a column of dates or times, nil for a type that is neither. The ranges
// are those of https://clickhouse.com/docs/sql-reference/data-types/datetime64
func newTimes(name, typ string, arguments []int) *Column {
	switch {
	case name == "Date":
		return newDates(native.NewSized(name, 2), 0, 1<<16-1)
	case name == "Date32":
		return newDates(native.NewSized(name, 4), firstDay, lastDay)
	case name == "DateTime":
		return newMoments(native.NewSized(typ, 4), 0, 0, 1<<32-1)
	case name == "DateTime64" && len(arguments) == 1 && arguments[0] >= 0 && arguments[0] <= 9:
		unit := powers[arguments[0]] // ticks of a second
		low, high := firstDay*86400*unit, int64(1<<63-1)
		if arguments[0] < 9 { // 2262 is where 64 bits of nanoseconds end
			high = (lastDay+1)*86400*unit - 1
		}
		return newMoments(native.NewSized(typ, 8), arguments[0], low, high)
	}
	return nil
}

// newDates makes a column of days since the epoch, from low to high.
func newDates(v *native.Sized, low, high int64) *Column {
	return &Column{Growing: v, blank: func() { v.Append(0) }, parse: func(text []byte) error {
		n, ok := infinity(text, low, high)
		if !ok {
			day, rest, err := date(text)
			switch {
			case err != nil:
				return err
			case len(rest) > 0:
				return errors.New("it is no date")
			case day < low || day > high:
				return fmt.Errorf("it is beyond the range of %s", v.Type())
			}
			n = day
		}
		v.Append(uint64(n))
		return nil
	}}
}

// newMoments makes a column of ticks of 10^-scale seconds since the epoch, from low to
// high.
func newMoments(v *native.Sized, scale int, low, high int64) *Column {
	return &Column{Growing: v, blank: func() { v.Append(0) }, parse: func(text []byte) error {
		n, ok := infinity(text, low, high)
		if !ok {
			seconds, nanos, err := moment(text)
			if err != nil {
				return err
			}
			unit := powers[scale]
			if seconds < floor(low, unit) || seconds > floor(high, unit) {
				return fmt.Errorf("it is beyond the range of %s", v.Type())
			}
			// In the last second of nanoseconds the sum could go beyond, too.
			if n = seconds * unit; nanos/powers[9-scale] > high-n {
				return fmt.Errorf("it is beyond the range of %s", v.Type())
			}
			n += nanos / powers[9-scale]
		}
		v.Append(uint64(n))
		return nil
	}}
}

// floor divides, down also where n is negative.
func floor(n, by int64) int64 {
	if n < 0 {
		return (n+1)/by - 1
	}
	return n / by
}

// infinity is the end of a range that stands for PostgreSQL's infinities.
func infinity(text []byte, low, high int64) (n int64, ok bool) {
	switch string(text) {
	case "infinity":
		return high, true
	case "-infinity":
		return low, true
	}
	return 0, false
}

var errTime = errors.New("it is no time in ISO 8601")

// date reads a day, as of the Gregorian calendar, and gives what follows it.
func date(text []byte) (day int64, rest []byte, err error) {
	if before, ok := bytes.CutSuffix(text, []byte(" BC")); ok {
		if _, _, err := date(before); err != nil {
			return 0, nil, err
		}
		return 0, nil, errors.New("it is before the common era, which no column holds")
	}
	width := bytes.IndexByte(text, '-')
	if width < 4 || width > 6 || len(text) < width+6 || text[width+3] != '-' {
		return 0, nil, errTime
	}
	year, ok1 := number(text[:width])
	month, ok2 := number(text[width+1 : width+3])
	of, ok3 := number(text[width+4 : width+6])
	if !ok1 || !ok2 || !ok3 || month < 1 || month > 12 || of < 1 || of > daysIn(year, month) {
		return 0, nil, errTime
	}
	return daysBefore(year, month) + of - 1, text[width+6:], nil
}

// number reads digits.
func number(text []byte) (n int64, ok bool) {
	for _, b := range text {
		if b < '0' || b > '9' {
			return 0, false
		}
		n = 10*n + int64(b-'0')
	}
	return n, len(text) > 0
}

func daysIn(year, month int64) int64 {
	switch {
	case month == 2 && year%4 == 0 && (year%100 != 0 || year%400 == 0):
		return 29
	case month == 2:
		return 28
	case month == 4, month == 6, month == 9, month == 11:
		return 30
	}
	return 31
}

// daysBefore is how many days after the epoch a month begins. Years are counted from
// March, so that the leap day is the last (Hatcher's method).
func daysBefore(year, month int64) int64 {
	if month < 3 {
		year, month = year-1, month+12
	}
	const toEpoch = 719468 // from March 1 of the year 0
	return 365*year + year/4 - year/100 + year/400 + (153*(month-3)+2)/5 - toEpoch
}

// moment reads a time: seconds since the epoch, and nanoseconds on top.
func moment(text []byte) (seconds, nanos int64, err error) {
	day, rest, err := date(text)
	if err != nil || len(rest) == 0 {
		return day * 86400, 0, err
	}
	if len(rest) < 9 || rest[0] != ' ' && rest[0] != 'T' || rest[3] != ':' || rest[6] != ':' {
		return 0, 0, errTime
	}
	hour, ok1 := number(rest[1:3])
	minute, ok2 := number(rest[4:6])
	second, ok3 := number(rest[7:9])
	if !ok1 || !ok2 || !ok3 || hour > 23 || minute > 59 || second > 59 {
		return 0, 0, errTime
	}
	nanos, rest, ok := fraction(rest[9:])
	if !ok {
		return 0, 0, errTime
	}
	east, ok := offset(rest)
	if !ok {
		return 0, 0, errTime
	}
	return day*86400 + hour*3600 + minute*60 + second - east, nanos, nil
}

// fraction reads the digits behind a point as nanoseconds, where there is one.
func fraction(text []byte) (nanos int64, rest []byte, ok bool) {
	if len(text) == 0 || text[0] != '.' {
		return 0, text, true
	}
	n := 1
	for n < len(text) && text[n] >= '0' && text[n] <= '9' {
		n++
	}
	if n == 1 || n > 10 {
		return 0, nil, false
	}
	nanos, _ = number(text[1:n])
	return nanos * powers[10-n], text[n:], true
}

// offset reads how far east of Greenwich a time is meant, in seconds.
func offset(text []byte) (east int64, ok bool) {
	if len(text) == 0 || string(text) == "Z" {
		return 0, true
	}
	for i, unit := range []int64{3600, 60, 1} {
		at := 3 * i
		if at == len(text) && i > 0 {
			break
		}
		if len(text) < at+3 || i > 0 && text[at] != ':' {
			return 0, false
		}
		n, ok := number(text[at+1 : at+3])
		if !ok || i > 0 && n > 59 {
			return 0, false
		}
		east += n * unit
	}
	switch {
	case len(text) > 9:
		return 0, false
	case text[0] == '-':
		return -east, true
	}
	return east, text[0] == '+'
}
