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
