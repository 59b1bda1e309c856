package jsonschema

import (
	"strconv"
	"strings"
	"time"
)

func isDate(text string) bool {
	_, err := time.Parse(time.DateOnly, text)
	return err == nil
}

// isTime is full-time of RFC 3339, 5.6: with a zone, and a leap second where
// one can be.
func isTime(text string) bool {
	if len(text) < len("15:04:05Z") || text[2] != ':' || text[5] != ':' {
		return false
	}
	hour, minute, second := pair(text[0:2], 23), pair(text[3:5], 59), pair(text[6:8], 60)
	if hour < 0 || minute < 0 || second < 0 {
		return false
	}
	rest := text[8:]
	if rest[0] == '.' {
		n := leadingDigits(rest[1:])
		if n == 0 {
			return false
		}
		rest = rest[1+n:]
	}
	offset, ok := zone(rest)
	const day = 24 * 60
	lastMinute := (hour*60+minute-offset+day)%day == day-1
	return ok && (second < 60 || lastMinute)
}

// zone is an offset in minutes.
func zone(text string) (minutes int, ok bool) {
	if text == "Z" || text == "z" {
		return 0, true
	}
	if len(text) != len("+07:00") || text[3] != ':' || text[0] != '+' && text[0] != '-' {
		return 0, false
	}
	hour, minute := pair(text[1:3], 23), pair(text[4:6], 59)
	if hour < 0 || minute < 0 {
		return 0, false
	}
	minutes = hour*60 + minute
	if text[0] == '-' {
		minutes = -minutes
	}
	return minutes, true
}

// pair reads two digits of up to most, and gives -1 for anything else.
func pair(text string, most int) int {
	if leadingDigits(text) != 2 {
		return -1
	}
	if n, err := strconv.Atoi(text); err == nil && n <= most {
		return n
	}
	return -1
}

// isDuration follows RFC 3339, appendix A, and lets units be left out between
// others as ISO 8601 does: P1Y2D.
func isDuration(text string) bool {
	rest, ok := strings.CutPrefix(text, "P")
	if weeks, ok := strings.CutSuffix(rest, "W"); ok {
		return weeks != "" && leadingDigits(weeks) == len(weeks) && text[0] == 'P'
	}
	date, clock, timed := strings.Cut(rest, "T")
	return ok && rest != "" && (!timed || clock != "") && inUnits(date, "YMD") && inUnits(clock, "HMS")
}

// inUnits reads numbers with units behind them, in the units' order.
func inUnits(text, units string) bool {
	for text != "" {
		n := leadingDigits(text)
		if n == 0 || n == len(text) {
			return false
		}
		at := strings.IndexByte(units, text[n])
		if at < 0 {
			return false
		}
		text, units = text[n+1:], units[at+1:]
	}
	return true
}
