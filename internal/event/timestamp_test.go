package event

import (
	"strings"
	"testing"
	"time"
)

// FuzzParseTimestamp holds what is read against the standard library, which
// reads RFC 3339 without blanks and small letters, but with a comma for the
// point and an offset of 24 hours.
func FuzzParseTimestamp(f *testing.F) {
	for _, seed := range []string{
		"2026-08-25T10:11:12.345Z", "2026-08-25 10:11:12z", "2024-02-29t23:59:59.9999999999+14:00",
		"1970-01-02T00:00:00+00:01", "2149-06-05T23:59:59.999Z", "2026-08-25T10:11:60Z", "2026-08-25T10:11:12,5Z",
		"2026-08-25T10:11:12-24:00", "2026-08-25T10:11:12.Z", "2026-08-25T10:11:12+0500", "",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, ok := parseTimestamp([]byte(text))
		plain := strings.ToUpper(text)
		if len(text) > 10 && text[10] == ' ' {
			plain = plain[:10] + "T" + plain[11:]
		}
		want, err := time.Parse(time.RFC3339Nano, plain)
		want = want.UTC().Truncate(time.Millisecond)
		inside := err == nil && !want.Before(oldestTime) && want.Before(newestTime)
		switch {
		case ok && (err != nil || !got.Equal(want) || !inside):
			t.Errorf("%q gave %s, and time.Parse %s, %v", text, got, want, err)
		case !ok && inside && !strings.ContainsRune(text, ',') && !strings.Contains(text[19:], "24:") && len(text) == len(plain):
			t.Errorf("%q is %s, and was refused", text, want)
		}
	})
}

// TestHappened holds that the receiver's clock counts where the sender says what
// its own was.
func TestHappened(t *testing.T) {
	at := func(text string) (at time.Time) {
		if text == "" {
			return at
		}
		at, ok := parseTimestamp([]byte(text))
		if !ok {
			t.Fatal(text)
		}
		return at
	}
	for _, c := range []struct{ timestamp, sentAt, want string }{
		{"2026-11-20T11:00:00Z", "", "2026-11-20T11:00:00Z"},
		{"2026-11-20T11:00:00Z", "2026-11-20T11:00:00Z", "2026-11-20T12:00:00Z"},
		{"2030-01-01T00:00:00Z", "2030-01-01T00:00:01.5Z", "2026-11-20T11:59:58.5Z"}, // a clock that is years ahead
		{"1970-01-05T00:00:00Z", "1970-01-05T01:00:00Z", "2026-11-20T11:00:00Z"},     // one that was never set
		{"2026-11-20T08:00:00+02:00", "2026-11-20T06:00:00Z", "2026-11-20T12:00:00Z"},
		{"2026-11-20T11:00:00.001Z", "2026-11-20T11:00:00Z", "2026-11-20T11:00:00.001Z"},
		{"1970-01-02T00:00:00Z", "2149-06-05T00:00:00Z", "1970-01-02T00:00:00Z"}, // before all times that are read
	} {
		if got := Happened(at(c.timestamp), at(c.sentAt), clock); !got.Equal(at(c.want)) || got.Location() != time.UTC {
			t.Errorf("%s sent at %s: got %s, want %s", c.timestamp, c.sentAt, got, c.want)
		}
	}
	local := clock.In(time.FixedZone("", 3600)).Add(999 * time.Microsecond)
	if got := Happened(clock, clock, local); got != clock {
		t.Errorf("got %s", got)
	}
}
