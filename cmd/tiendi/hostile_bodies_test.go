package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// visit is an event as JSON texts, and when it must be stored to have happened.
type visit struct {
	why, id, session, timestamp, more     string
	agent, referrer, url, os, browser, ip string
	properties                            string
	happened                              time.Time
	about                                 time.Duration
}

func newVisit(why string) visit {
	at := time.Now().Add(-time.Minute).UTC().Truncate(time.Millisecond)
	return visit{
		why: why, id: uuid.NewString(), session: uuid.NewString(), timestamp: at.Format(time.RFC3339Nano), happened: at,
		agent: `"Firefox"`, referrer: `"https://example.com/"`, url: `"https://shop.example/"`, os: `"Android"`, browser: `"Chrome"`,
		ip: "203.0.113.77", properties: `{"page_type":"home"}`,
	}
}

// with gives it other properties.
func (v visit) with(properties string) visit {
	v.properties = properties
	return v
}

// at gives it another time, which it keeps.
func (v visit) at(timestamp string) visit {
	v.timestamp = timestamp
	v.happened, _ = time.Parse(time.RFC3339Nano, timestamp)
	return v
}

func (v visit) String() string {
	return `{"event_id":"` + v.id + `","event_type":"page_view","timestamp":"` + v.timestamp + `",` + v.more + `"session_id":"` + v.session + `",` +
		`"context":{"ip":"` + v.ip + `","user_agent":` + v.agent + `,"referrer":` + v.referrer + `,"page_url":` + v.url +
		`,"device_type":"mobile","os":` + v.os + `,"browser":` + v.browser + `},"properties":` + v.properties + `}`
}

// columns are what the row must hold.
func (v visit) columns() map[string]string {
	plain := func(text string) (s string) {
		_ = json.Unmarshal([]byte(text), &s)
		return s
	}
	return map[string]string{
		"agent": plain(v.agent), "referrer": plain(v.referrer), "url": plain(v.url), "os": plain(v.os), "browser": plain(v.browser),
		"properties": v.properties, "ip": "203.0.113.0",
	}
}

func text(s string) func() io.Reader { return func() io.Reader { return strings.NewReader(s) } }

// taken is an event that must be stored, whatever it looks like.
func taken(v visit) bodyAttack {
	return bodyAttack{name: v.why, body: text(v.String()), status: 202, stored: []visit{v}}
}

// refused is an event that must be kept as it is; what stands beside it is stored.
func refused(why, reason, raw string) bodyAttack {
	beside := newVisit("beside " + why)
	return bodyAttack{name: why, body: text(raw + "\n" + beside.String()), status: 202,
		stored: []visit{beside}, refused: []keptRefusal{{strings.TrimSpace(raw), reason}}}
}

func plainAttack() bodyAttack { return taken(newVisit("an event")) }

const injection = `'; DROP TABLE events_raw; -- \" \\' OR 1=1 /* {{ ref(\"x\") }} ${x} %s $1 ; \u0027)) FORMAT Null`

// bodyAttacks are requests that HTTP has no objection to.
func bodyAttacks(t testing.TB) []bodyAttack {
	all := append(numberAttacks(), clockAttacks()...)
	all = append(all, textAttacks()...)
	all = append(all, sizeAttacks(t)...)
	return append(all, plainAttack())
}

func numberAttacks() (all []bodyAttack) {
	for number, reason := range map[string]string{
		"1e400": "invalid_value", "-1e999999999": "invalid_value", "18446744073709551616": "invalid_value", "-9223372036854775809": "invalid_value",
		strings.Repeat("9", 100): "invalid_value", "NaN": "malformed_json", "Infinity": "malformed_json", "0x10": "malformed_json", "01": "malformed_json", "1.": "malformed_json",
	} {
		all = append(all, refused("the number "+number, reason, newVisit("").with(`{"page_type":"home","n":`+number+`}`).String()))
	}
	return append(all, taken(newVisit("numbers at their bounds").with(
		`{"page_type":"home","a":-0,"b":-0.0,"c":18446744073709551615,"d":-9223372036854775808,"e":1.7976931348623157e308,"f":5e-324,"g":1e-400}`)))
}

func clockAttacks() []bodyAttack {
	mended := newVisit("a clock in 2100 that says so").at("2100-01-01T00:00:00Z")
	mended.more, mended.happened, mended.about = `"sent_at":"2100-01-01T00:02:00Z",`, time.Now().Add(-2*time.Minute), time.Minute
	behind := newVisit("sent before it happened")
	behind.more = `"sent_at":"1970-01-02T00:00:00Z",`
	ages := newVisit("sent ages after it happened").at("1970-01-02T00:00:00Z")
	ages.more = `"sent_at":"2149-06-05T00:00:00Z",`
	return []bodyAttack{
		taken(newVisit("a clock in 1970").at("1970-01-02T00:00:00Z")), taken(mended), taken(behind), taken(ages),
		refused("a clock in 2100", "timestamp_in_future", newVisit("").at("2100-01-01T00:00:00Z").String()),
		refused("a clock before clocks", "invalid_value", newVisit("").at("0001-01-01T00:00:00Z").String()),
		refused("a clock of five digits", "invalid_value", newVisit("").at("12026-01-01T00:00:00Z").String()),
	}
}

func textAttacks() []bodyAttack {
	sql := newVisit("SQL in every string").with(`{"page_type":"` + injection + `","` + injection + `":["` + injection + `"]}`)
	quoted := `"` + injection + `"`
	sql.agent, sql.referrer, sql.url, sql.os, sql.browser = quoted, quoted, quoted, quoted, quoted
	nul := newVisit("NUL characters").with(`{"page_type":"\u0000","\u0000":"a\u0000b"}`)
	nul.agent, nul.url, nul.os = `"a\u0000b"`, `"\u0000"`, `"\u0000\u0001\u001f\u007f"`
	odd := newVisit("odd characters").with("{\"page_type\":\"\u2028\u2029\ufeff\u202e\U0010ffff\",\"\":\"\\ud83d\\ude00\"}")
	odd.url, odd.referrer = "\"\u2028\ufffd\U0001f600\"", `"\ud83d\ude00\u2028"`
	source := newVisit("a traffic source of 8 KB")
	source.url = `"https://shop.example/?utm_source=` + strings.Repeat("%C3%B1", 1350) + `"`
	bad := func(properties string) string { return newVisit("").with(properties).String() }
	return []bodyAttack{
		taken(sql), taken(nul), taken(odd), taken(source),
		refused("bytes that are no UTF-8", "invalid_utf8", bad("{\"page_type\":\"\xff\"}")),
		refused("a surrogate in UTF-8", "invalid_utf8", bad("{\"page_type\":\"\xed\xa0\x80\"}")),
		refused("a cut character", "invalid_utf8", bad("{\"page_type\":\"\xf0\x9f\x98\"}")),
		refused("half a pair", "invalid_utf8", bad(`{"page_type":"\ud800"}`)),
		refused("a pair the wrong way round", "invalid_utf8", bad(`{"page_type":"\ude00\ud83d"}`)),
		refused("a raw NUL", "malformed_json", bad("{\"page_type\":\"\x00\"}")),
		refused("a key twice", "duplicate_key", bad(`{"page_type":"home","a":1,"a":2}`)),
		refused("a key twice, once in disguise", "duplicate_key", bad(`{"page_type":"home","\u0061":1,"a":2}`)),
		refused("an event_id twice", "duplicate_key", strings.Replace(newVisit("").String(), "{", `{"event_id":null,`, 1)),
		{name: "nothing that is JSON", body: text("\xff\xfe\x00\x00"), status: 400},
	}
}

// sizeAttacks are large, deep, or unpack to what is.
func sizeAttacks(t testing.TB) []bodyAttack {
	var keys strings.Builder
	for n := range 10_000 {
		fmt.Fprintf(&keys, `"key %d":%d,`, n, n)
	}
	deep := strings.Repeat(`{"a":`, 10_000) + "1" + strings.Repeat("}", 10_000)
	list := strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000)
	beside := newVisit("beside a deep list")
	all := []bodyAttack{
		taken(newVisit("10,000 keys").with("{" + keys.String() + `"page_type":"home"}`)),
		refused("10,000 deep", "too_deep", newVisit("").with(deep).String()),
		{name: "10,000 lists", body: text("[" + list + "," + beside.String() + "]"), status: 202,
			stored: []visit{beside}, refused: []keptRefusal{{list, "too_deep"}}},
		refused("a key of 1 MB", "too_large", newVisit("").with(`{"`+strings.Repeat("k", 1_000_000)+`":1}`).String()),
		refused("a key of 2 MB", "too_large", newVisit("").with(`{"`+strings.Repeat("k", 2_000_000)+`":1}`).String()),
		{name: "a key of 10 MB", body: text(newVisit("").with(`{"` + strings.Repeat("k", 10<<20) + `":1}`).String()), status: 413},
		{name: "100 MB", body: text(strings.Repeat(" ", 100<<20)), status: 413},
		{name: "100 MB in chunks", body: func() io.Reader { return io.LimitReader(blankStream{}, 100<<20) }, status: 413},
	}
	return append(all, floodAttacks(t)...)
}

// blankStream is blanks without end.
type blankStream struct{}

func (blankStream) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = ' '
	}
	return len(b), nil
}

// floodAttacks are those that take most memory of who is careless. None of them
// leaves anything, but for the list of zeros.
func floodAttacks(t testing.TB) []bodyAttack {
	zeros := strings.Repeat("0\n", 5000)
	bomb := func(encoding string) bodyAttack {
		packed := packedBlanks(t, encoding, 100<<20)
		return bodyAttack{name: "100 MB in " + encoding, body: text(packed), headers: []string{"Content-Encoding: " + encoding}, status: 413}
	}
	million := "0" + strings.Repeat(",0", 1_000_000)
	return []bodyAttack{
		bomb("gzip"), bomb("zstd"),
		{name: "a window of 8 MB for nothing", body: text("\x28\xb5\x2f\xfd\x00\x68" + strings.Repeat("\x00", 20)), headers: []string{"Content-Encoding: zstd"}, status: 400},
		{name: "a million elements", body: text("[" + million + "]"), status: 413},
		{name: "a million messages", path: "batch", body: text(`{"batch":[` + million + `]}`), headers: []string{"Content-Type: application/json"}, status: 413},
		{name: "a large user agent for many", body: text(zeros), headers: []string{"User-Agent: " + strings.Repeat("u", 15<<10)}, status: 202,
			refused: slices.Repeat([]keptRefusal{{"0", "wrong_type"}}, 5000)},
	}
}

func packedBlanks(t testing.TB, encoding string, size int64) string {
	t.Helper()
	var b bytes.Buffer
	var w io.WriteCloser = gzip.NewWriter(&b)
	if encoding == "zstd" {
		w, _ = zstd.NewWriter(&b) // without options there is no error
	}
	if _, err := io.Copy(w, io.LimitReader(blankStream{}, size)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
