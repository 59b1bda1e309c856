package event

import (
	"time"

	"github.com/tiendi/tiendi/internal/jsonscan"
)

// parseTimestamp reads the date-time of RFC 3339: 2026-08-25T10:11:12.345Z or
// with an offset like -05:00. A blank may stand for the T, and letters may be
// small, as the RFC allows. A time without a zone is refused: whose midnight it
// means cannot be known. Leap seconds are refused as well, no store holds them.
func parseTimestamp(s []byte) (time.Time, bool) {
	if len(s) < len("2006-01-02T15:04:05Z") || s[4] != '-' || s[7] != '-' || s[13] != ':' || s[16] != ':' ||
		s[10] != 'T' && s[10] != ' ' && s[10] != 't' {
		return time.Time{}, false
	}
	bad := false
	year, month, day := number(s[0:4], &bad), number(s[5:7], &bad), number(s[8:10], &bad)
	hour, minute, second := number(s[11:13], &bad), number(s[14:16], &bad), number(s[17:19], &bad)
	if bad || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) || hour > 23 || minute > 59 || second > 59 {
		return time.Time{}, false
	}
	nanos, rest, ok := fraction(s[19:])
	if !ok {
		return time.Time{}, false
	}
	offset, ok := zone(rest)
	if !ok {
		return time.Time{}, false
	}
	at := time.Date(year, time.Month(month), day, hour, minute, second, nanos, time.UTC).Add(-offset)
	return at, !at.Before(oldestTime) && at.Before(newestTime)
}

// fraction reads .123456789…; what lies beyond milliseconds is cut off.
func fraction(s []byte) (nanos int, rest []byte, ok bool) {
	if len(s) == 0 || s[0] != '.' {
		return 0, s, true
	}
	n := 1
	for weight := 100 * int(time.Millisecond); n < len(s) && jsonscan.IsDigit(s[n]); n++ {
		if n <= 3 {
			nanos += int(s[n]-'0') * weight
			weight /= 10
		}
	}
	return nanos, s[n:], n > 1
}

func zone(s []byte) (offset time.Duration, ok bool) {
	if len(s) == 1 && (s[0] == 'Z' || s[0] == 'z') {
		return 0, true
	}
	if len(s) != len("+07:00") || s[3] != ':' || s[0] != '+' && s[0] != '-' {
		return 0, false
	}
	bad := false
	hour, minute := number(s[1:3], &bad), number(s[4:6], &bad)
	if bad || hour > 23 || minute > 59 {
		return 0, false
	}
	offset = time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute
	if s[0] == '-' {
		offset = -offset
	}
	return offset, true
}

// number reads digits, and sets bad where there is anything else.
func number(s []byte, bad *bool) (n int) {
	for _, c := range s {
		*bad = *bad || !jsonscan.IsDigit(c)
		n = n*10 + int(c-'0')
	}
	return n
}

func daysIn(year, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// Happened corrects a sender's clock: what passed between the event and its
// sending is right even where the clock is not, so it is counted back from when
// the event arrived. Without sentAt, and where the times make no sense, the
// sender is believed.
func Happened(timestamp, sentAt, arrived time.Time) time.Time {
	if sentAt.IsZero() || sentAt.Before(timestamp) {
		return timestamp
	}
	at := arrived.Add(timestamp.Sub(sentAt)).UTC().Truncate(time.Millisecond)
	if at.Before(oldestTime) || !at.Before(newestTime) {
		return timestamp
	}
	return at
}
