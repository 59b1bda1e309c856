package collect

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/event"
)

// hostileBodies are what nobody sends by mistake alone.
func hostileBodies() []string {
	one := view("0b9f3c50-6d8e-5a4e-9d0a-4d2f8f6f1c11", "d22b2662-23d9-53c3-a35a-9d7fb286fa2f")
	with := func(properties string) string { return strings.Replace(one, `"page_type":"home"`, properties, 1) }
	return []string{
		one, "[" + one + "," + one + "]", one + "\n" + one, "", " ", "null", "[", "[]]", "\xef\xbb\xbf[]", "\x00", "{\"a\":\"\x00\"}",
		strings.Repeat("[", 10_000), strings.Repeat(`{"a":`, 10_000), with(`"a":` + strings.Repeat("[", 28) + strings.Repeat("]", 28)),
		with(`"a":1e400`), with(`"a":18446744073709551616`), with(`"a":-0`), with(`"a":NaN`), with(`"a":1e-400`), with(`"a":0123`),
		with(`"a":"\ud800"`), with(`"a":"\ud83d\ude00"`), with(`"\u0061":1,"a":2`), with(`"a":"\u0000"`), with("\"a\":\"\xed\xa0\x80\""), with("\"a\":\"\xff\""),
		with(`"store_id":"' OR 1=1; DROP TABLE events_raw --"`), with(`"a":"' OR 1=1; DROP TABLE events_raw --"`), with("\n\r\t\"a\"\r:\n1"), with("\"a\":\"\u2028\u2029<script>\""),
		strings.Replace(one, "2026-11-20T11:59:00Z", "1970-01-02T00:00:00Z", 1), strings.Replace(one, "2026-11-20T11:59:00Z", "2100-01-01T00:00:00Z", 1),
		strings.Replace(one, `"timestamp"`, `"sent_at":"2100-01-01T00:00:00Z","timestamp"`, 1), strings.Replace(one, `"timestamp"`, `"sent_at":"1970-01-02T00:00:00Z","timestamp"`, 1),
		strings.Replace(one, "203.0.113.77", "2001:db8::1%eth0", 1), strings.Replace(one, `"Firefox"`, `""`, 1),
		`{"batch":[0,[],{},"",{"type":"page"},{"type":"track","event":"\ud800"}],"context":{"page":{"url":"\u0000"}}}`, `{"batch":null}`, `{"batch":{}}`,
		`{"type":"page","anonymousId":"a","name":"home",` + page + `}`,
	}
}

// FuzzRequests holds that any request has an answer that is the sender's fault or
// nobody's, and that each event of it is in one of the topics once, as what readers
// of the topic take.
func FuzzRequests(f *testing.F) {
	for i, body := range hostileBodies() {
		f.Add([]byte(body), append([]string{"events", "events"}, kinds...)[i%6], "agent", "")
		f.Add([]byte(packed(f, "gzip", body)), "events", strings.Repeat("é", 3000), "gzip")
		f.Add([]byte(packed(f, "zstd", body)), "batch", "", "zstd")
	}
	s := open(f, func(o *Options) { o.Limits.Linger = time.Microsecond })
	handler := s.handler()
	f.Fuzz(func(t *testing.T, body []byte, path, agent, encoding string) {
		if !slices.Contains(append([]string{"events"}, kinds...), path) {
			return
		}
		r := httptest.NewRequest(http.MethodPost, pathMessages+path, bytes.NewReader(body))
		r.Header = http.Header{"Authorization": {"Bearer web-key"}, "User-Agent": {agent}, "Content-Encoding": {encoding}}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		answer, err := readReply(w.Result())
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Contains([]int{200, 202, 400, 413, 415}, answer.Status) {
			t.Fatalf("got %d %.300s", answer.Status, answer.Text)
		}
		events, rejects := s.events.taken(), s.rejected.taken()
		if len(events) != answer.Accepted || len(rejects) != len(answer.Rejected) {
			t.Errorf("%d events and %d rejects are in the log, answered was %.300s", len(events), len(rejects), answer.Text)
		}
		for _, line := range events {
			ev, rejection := s.options.Registry.Parse([]byte(line), clock)
			if rejection != nil {
				t.Fatalf("the enricher leaves it out: %v\n%.500s", rejection, line)
			}
			if again := event.AppendJSON(nil, &ev); string(again) != line {
				t.Errorf("%s is read as\n%s", line, again)
			}
		}
		for i, line := range rejects {
			if reject, err := parseReject([]byte(line)); err != nil || reject.Reason != answer.Rejected[i].Reason {
				t.Errorf("reject %d: %v of %.500s", i, err, line)
			}
		}
	})
}

// taken gives all lines, and forgets them.
func (m *memory) taken() []string {
	lines := m.lines(-1)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.stored = nil
	return lines
}
