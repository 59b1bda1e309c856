package load

import (
	"time"

	"github.com/tiendi/tiendi/internal/jsonscan"
)

// Times must be days that ClickHouse's Date can hold in every time zone, since
// the models group by such days.
var (
	minMillis = daysFromCivil(1970, 1, 2) * 86_400_000
	maxMillis = daysFromCivil(2149, 6, 6)*86_400_000 - 1
)

// ParseTime reads an event's time as its file may write it: see parseTime. It is false where
// Run would refuse the row.
func ParseTime(text string) (time.Time, bool) {
	millis, reason := parseTime([]byte(text))
	return time.UnixMilli(millis).UTC(), reason == ""
}

// parseTime reads "2006-01-02[( |T)15:04:05[.999999999]][Z|±07:00]" as
// milliseconds since the epoch; what has no zone is UTC. Digits beyond
// milliseconds are cut off. The reason is "" where the text is a time.
func parseTime(s []byte) (millis int64, reason string) {
	year, ok1 := digits(s, 0, 4)
	month, ok2 := digits(s, 5, 2)
	day, ok3 := digits(s, 8, 2)
	if !ok1 || !ok2 || !ok3 || s[4] != '-' || s[7] != '-' ||
		month < 1 || month > 12 || day < 1 || day > daysIn(year, month) {
		return 0, reasonTime
	}
	millis = daysFromCivil(year, month, day) * 86_400_000
	if len(s) > 10 {
		clock, ok := parseClock(s[10:])
		if !ok {
			return 0, reasonTime
		}
		millis += clock
	}
	if millis < minMillis || millis > maxMillis {
		return 0, reasonYear
	}
	return millis, ""
}

// parseClock reads what follows the date; the zone is taken off already.
func parseClock(s []byte) (millis int64, ok bool) {
	hour, ok1 := digits(s, 1, 2)
	minute, ok2 := digits(s, 4, 2)
	second, ok3 := digits(s, 7, 2)
	if !ok1 || !ok2 || !ok3 || (s[0] != ' ' && s[0] != 'T') || s[3] != ':' || s[6] != ':' ||
		hour > 23 || minute > 59 || second > 59 {
		return 0, false
	}
	millis = int64((hour*60+minute)*60+second) * 1000
	s = s[9:]
	if len(s) > 1 && s[0] == '.' {
		n := 1
		for weight := int64(100); n < len(s) && jsonscan.IsDigit(s[n]); n++ {
			millis += int64(s[n]-'0') * weight
			weight /= 10
		}
		if n == 1 || n > 10 {
			return 0, false
		}
		s = s[n:]
	}
	offset, ok := parseZone(s)
	return millis - offset, ok
}

func parseZone(s []byte) (offset int64, ok bool) {
	if len(s) == 0 || (len(s) == 1 && s[0] == 'Z') {
		return 0, true
	}
	if len(s) < 5 || (s[0] != '+' && s[0] != '-') {
		return 0, false
	}
	at := 3
	if s[3] == ':' {
		at = 4
	}
	hour, ok1 := digits(s, 1, 2)
	minute, ok2 := digits(s, at, 2)
	if !ok1 || !ok2 || len(s) != at+2 || hour > 15 || minute > 59 {
		return 0, false
	}
	offset = int64(hour*60+minute) * 60_000
	if s[0] == '-' {
		offset = -offset
	}
	return offset, true
}

func digits(s []byte, at, n int) (value int, ok bool) {
	if len(s) < at+n {
		return 0, false
	}
	for _, c := range s[at : at+n] {
		if !jsonscan.IsDigit(c) {
			return 0, false
		}
		value = value*10 + int(c-'0')
	}
	return value, true
}

func daysIn(year, month int) int {
	switch {
	case month == 2 && year%4 == 0 && (year%100 != 0 || year%400 == 0):
		return 29
	case month == 2:
		return 28
	case month == 4 || month == 6 || month == 9 || month == 11:
		return 30
	}
	return 31
}

// daysFromCivil counts days from 1970-01-01 in the proleptic Gregorian calendar,
// by counting years from March so that leap days come last.
func daysFromCivil(year, month, day int) int64 {
	if month <= 2 {
		year--
		month += 12
	}
	dayOfYear := (153*(month-3)+2)/5 + day - 1
	return int64(365*year + year/4 - year/100 + year/400 + dayOfYear - 719468)
}
