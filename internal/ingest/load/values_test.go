package load

import (
	"math/big"
	"strings"
	"testing"
	"time"
)

func TestParseDecimal(t *testing.T) {
	for _, c := range []struct {
		text             string
		precision, scale int
		want             int64
		reason           string
	}{
		{"99.90", 18, 2, 9990, ""},
		{"-0.01", 18, 2, -1, ""},
		{"+7", 18, 2, 700, ""},
		{"1.500", 18, 2, 150, ""},
		{"1.505", 18, 2, 0, reasonDecimals},
		{".5", 18, 2, 50, ""},
		{"5.", 18, 2, 500, ""},
		{"1e2", 18, 2, 10000, ""},
		{"1.5E-1", 18, 2, 15, ""},
		{"9999999999999999.99", 18, 2, 999999999999999999, ""},
		{"10000000000000000.00", 18, 2, 0, reasonRange},
		{"0.00000000000000000000000", 18, 2, 0, ""},
		{"100000000000000000000000", 18, 2, 0, reasonRange},
		{"0.100000", 9, 6, 100000, ""},
		{"1000", 9, 6, 0, reasonRange},
		{"3.0", 10, 0, 3, ""},
		{"3.5", 10, 0, 0, reasonDecimals},
		{"", 18, 2, 0, reasonNumber},
		{".", 18, 2, 0, reasonNumber},
		{"1,5", 18, 2, 0, reasonNumber},
		{" 1", 18, 2, 0, reasonNumber},
		{"NaN", 18, 2, 0, reasonNumber},
		{"1e", 18, 2, 0, reasonNumber},
		{"1e99999", 18, 2, 0, reasonNumber},
		{"1e999", 18, 2, 0, reasonRange},
	} {
		got, reason := parseDecimal([]byte(c.text), c.precision, c.scale)
		if got != c.want || reason != c.reason {
			t.Errorf("%q as Decimal(%d, %d): %d %q, want %d %q", c.text, c.precision, c.scale, got, reason, c.want, c.reason)
		}
	}
}

func FuzzParseDecimal(f *testing.F) {
	for _, s := range []string{"1.25", "-0", "00.10", "1e3", "1E-5", "999999999999999999", "0.000001", "12345678901234567890"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		const scale = 2
		got, reason := parseDecimal([]byte(s), 18, scale)
		exact, ok := new(big.Rat).SetString(s)
		if strings.ContainsAny(s, "_/xXoObBpP") || len(s) > 60 {
			return // forms and sizes that only big.Rat reads
		}
		if reason == reasonNumber {
			if ok && !strings.ContainsAny(s, "eE") {
				t.Errorf("%q is %v and was refused", s, exact)
			}
			return
		}
		if !ok {
			t.Fatalf("%q was read as %d, %q", s, got, reason)
		}
		exact.Mul(exact, big.NewRat(100, 1))
		fits := exact.IsInt() && exact.Num().CmpAbs(big.NewInt(1e18)) < 0
		if fits != (reason == "") {
			t.Errorf("%q: reason %q, exact %v", s, reason, exact)
		}
		if fits && exact.Num().Int64() != got {
			t.Errorf("%q was read as %d, is %v", s, got, exact)
		}
	})
}

func TestParseTime(t *testing.T) {
	for text, want := range map[string]string{
		"2019-10-01T00:00:00Z":                "2019-10-01T00:00:00Z",
		"2016-09-04 21:15:19":                 "2016-09-04T21:15:19Z",
		"2024-02-29":                          "2024-02-29T00:00:00Z",
		"2024-02-29 23:59:59.999":             "2024-02-29T23:59:59.999Z",
		"2024-02-29T23:59:59.1234567Z":        "2024-02-29T23:59:59.123Z",
		"2024-03-01T01:30:00+02:00":           "2024-02-29T23:30:00Z",
		"2024-03-01T01:30:00-0530":            "2024-03-01T07:00:00Z",
		"1970-01-02 00:00:00":                 "1970-01-02T00:00:00Z",
		"2149-06-05 23:59:59.999":             "2149-06-05T23:59:59.999Z",
		"1969-12-31 23:59:59":                 reasonYear,
		"1970-01-01 00:00:00":                 reasonYear,
		"2149-06-06 00:00:00":                 reasonYear,
		"0001-01-01 00:00:00":                 reasonYear,
		"9999-12-31 00:00:00":                 reasonYear,
		"2023-02-29":                          reasonTime,
		"2100-02-29":                          reasonTime,
		"2024-13-01":                          reasonTime,
		"2024-00-10":                          reasonTime,
		"2024-04-31":                          reasonTime,
		"2024-04-30 24:00:00":                 reasonTime,
		"2024-04-30T10:00":                    reasonTime,
		"2024-04-30T10:00:00.Z":               reasonTime,
		"2024-04-30T10:00:00+25:00":           reasonTime,
		"2024-04-30T10:00:00 UTC":             reasonTime,
		"1717000000":                          reasonTime,
		"":                                    reasonTime,
		"2024-04-30T10:00:00.123456789012345": reasonTime,
	} {
		millis, reason := parseTime([]byte(text))
		if reason != "" {
			if reason != want {
				t.Errorf("%q: %s, want %s", text, reason, want)
			}
			continue
		}
		if got := time.UnixMilli(millis).UTC().Format(time.RFC3339Nano); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

func FuzzParseTime(f *testing.F) {
	for _, s := range []string{"2019-10-01T00:00:00Z", "2024-02-29T23:59:59.5+13:45", "2148-12-31T00:00:00-03:00", "1972-03-01T00:00:00.001Z"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		want, err := time.Parse(time.RFC3339Nano, s)
		got, reason := parseTime([]byte(s))
		if err != nil || strings.Contains(s, ",") || len(s) > 30 || s[13] != ':' { // it takes T1:02:03, too
			return
		}
		if reason == reasonTime && want.Year() > 0 {
			if _, offset := want.Zone(); offset < 16*3600 && offset > -16*3600 {
				t.Errorf("%q was refused", s)
			}
		}
		if reason == "" && got != want.UnixMilli() {
			t.Errorf("%q: %d, want %d", s, got, want.UnixMilli())
		}
	})
}
