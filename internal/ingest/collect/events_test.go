package collect

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/tiendi/tiendi/internal/event"
)

func packed(t testing.TB, encoding, text string) string {
	t.Helper()
	var b bytes.Buffer
	var err error
	switch encoding {
	case "gzip":
		w := gzip.NewWriter(&b)
		_, err = w.Write([]byte(text))
		_ = w.Close()
	case "zstd":
		w, _ := zstd.NewWriter(&b)
		_, err = w.Write([]byte(text))
		_ = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestEvents(t *testing.T) {
	s := open(t, func(o *Options) { o.Limits.BodyBytes, o.Limits.BatchEvents = 64<<10, 20 })
	one, two := view(newID(), newID()), view(newID(), newID())
	bad := strings.Replace(two, "page_view", "page_vew", 1)
	zeros := strings.Repeat(" ", 1<<20)
	for _, c := range []struct {
		name, body         string
		headers            []string
		status, accepted   int
		rejected, contains string
	}{
		{"one", one, nil, 202, 1, "", ""},
		{"one over lines", strings.ReplaceAll(one, ",", ",\n"), nil, 202, 1, "", ""},
		{"array", "[" + one + "," + two + "]", nil, 202, 2, "", ""},
		{"empty array", "[]", nil, 202, 0, "", ""},
		{"ndjson", one + "\n" + two + "\n", []string{"Content-Type: application/x-ndjson"}, 202, 2, "", ""},
		{"beacon", one, []string{"Content-Type: text/plain;charset=UTF-8"}, 202, 1, "", ""},
		{"no type", one, []string{"Content-Type: "}, 202, 1, "", ""},
		{"basic", one, []string{"Authorization: Basic YXBwLWtleTo="}, 202, 1, "", ""}, // app-key:
		{"second key", one, []string{"Authorization: Bearer web-key-2"}, 202, 1, "", ""},
		{"gzip", packed(t, "gzip", one), []string{"Content-Encoding: gzip"}, 202, 1, "", ""},
		{"zstd", packed(t, "zstd", one+"\n"+two), []string{"Content-Encoding: zstd"}, 202, 2, "", ""},
		{"one of two", "[" + one + "," + bad + "]", nil, 202, 1, `[{1 unknown_type /event_type there is no schema for "page_vew"}]`, ""},
		{"broken line", one + "\n{oops\n" + two, nil, 202, 2, `[{1 malformed_json  unexpected 'o' at byte 2}]`, ""},
		{"array not closed", "[" + one + "," + two, nil, 202, 1, `[{1 malformed_json  the array is not closed}]`, ""},
		{"no json", "hello", nil, 400, 0, "", "no JSON"},
		{"empty", "", nil, 400, 0, "", "there is no event"},
		{"no utf8", "\xff\xfe", nil, 400, 0, "", "no JSON"},
		{"no gzip", one, []string{"Content-Encoding: gzip"}, 400, 0, "", "Content-Encoding"},
		{"cut gzip", packed(t, "gzip", one)[:40], []string{"Content-Encoding: gzip"}, 400, 0, "", "Content-Encoding"},
		{"cut zstd", packed(t, "zstd", one)[:40], []string{"Content-Encoding: zstd"}, 400, 0, "", "Content-Encoding"},
		{"no key", one, []string{"Authorization: "}, 401, 0, "", "Authorization: Bearer"},
		{"unknown key", one, []string{"Authorization: Bearer web-key-3"}, 401, 0, "", "not known"},
		{"foreign page", one, []string{"Origin: https://evil.example"}, 403, 0, "", "origin"},
		{"too large", strings.Repeat(" ", 65<<10), nil, 413, 0, "", "65536"},
		{"too many", strings.Repeat(one+"\n", 21), nil, 413, 0, "", "20 events"},
		{"gzip bomb", packed(t, "gzip", zeros), []string{"Content-Encoding: gzip"}, 413, 0, "", "65536"},
		{"zstd bomb", packed(t, "zstd", zeros), []string{"Content-Encoding: zstd"}, 413, 0, "", "65536"},
		{"brotli", one, []string{"Content-Encoding: br"}, 415, 0, "", "gzip, zstd"},
		{"form", one, []string{"Content-Type: application/x-www-form-urlencoded"}, 415, 0, "", "application/json"},
		{"long idempotency key", one, []string{"Idempotency-Key: " + strings.Repeat("x", 256)}, 400, 0, "", "255"},
	} {
		stored, kept := len(s.events.lines(-1)), len(s.rejected.lines(-1))
		r := s.post(t, "/v1/events", c.body, c.headers...)
		rejected := ""
		if len(r.Rejected) > 0 {
			rejected = fmt.Sprint(r.Rejected)
		}
		if r.Status != c.status || r.Accepted != c.accepted || rejected != c.rejected || !strings.Contains(r.Error, c.contains) {
			t.Errorf("%s: got %d %s", c.name, r.Status, r.Text)
		}
		if n := len(s.events.lines(-1)) - stored; n != c.accepted {
			t.Errorf("%s: %d events are in the log", c.name, n)
		}
		if n := len(s.rejected.lines(-1)) - kept; n != len(r.Rejected) {
			t.Errorf("%s: %d rejects are in the log", c.name, n)
		}
	}
}

func TestOtherMethodsAndPaths(t *testing.T) {
	s := open(t, nil)
	for path, want := range map[string]int{"/v1/events": 405, "/v1/nothing": 404, "/healthz": 200, "/readyz": 200} {
		response, err := http.Get(s.url + path)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		if response.StatusCode != want {
			t.Errorf("%s: got %d, want %d", path, response.StatusCode, want)
		}
	}
}

// TestWriteKeyInTheQuery is for sendBeacon, which cannot set headers.
func TestWriteKeyInTheQuery(t *testing.T) {
	s := open(t, nil)
	if r := s.post(t, "/v1/events?write_key=web-key", view(newID(), newID()), "Authorization: ", "Content-Type: text/plain"); r.Status != 202 {
		t.Errorf("got %d %s", r.Status, r.Text)
	}
}

// TestAcceptedEventsAreValid holds that the enricher, which reads by the same
// schemas, takes what the collector has taken.
func TestAcceptedEventsAreValid(t *testing.T) {
	s := open(t, nil)
	id, session := newID(), newID()
	withoutIP := strings.Replace(view(session, id), `"ip":"203.0.113.77",`, "", 1)
	noAddress := strings.Replace(view(session, newID()), `203.0.113.77`, "unknown", 1)
	empty := strings.NewReplacer(`"Android"`, `""`, `"Chrome"`, `""`, `"Firefox"`, `""`).Replace(view(session, newID()))
	if r := s.post(t, "/v1/events", empty, "User-Agent: "); r.Accepted != 1 {
		t.Fatalf("got %s", r.Text)
	}
	server := `{"event_type":"user_signed_up","timestamp":"2026-11-20T11:00:00Z","properties":{}}`
	if r := s.post(t, "/v1/events", view(session, newID())+"\n"+withoutIP+"\n"+noAddress+"\n"+server); r.Accepted != 4 {
		t.Fatalf("got %s", r.Text)
	}
	ips := map[string]int{}
	for _, line := range s.events.lines(-1) {
		ev, rejection := s.options.Registry.Parse([]byte(line), clock)
		if rejection != nil {
			t.Fatalf("%s: %v", line, rejection)
		}
		ips[ev.Context.IP]++
	}
	if fmt.Sprint(ips) != "map[:1 127.0.0.0:2 203.0.113.0:2]" {
		t.Errorf("got addresses %v", ips)
	}
}

// TestSentAt holds that what is stored has the collector's time.
func TestSentAt(t *testing.T) {
	s := open(t, nil)
	ahead := `{"event_type":"user_signed_up","timestamp":"2030-01-01T00:00:00Z","sent_at":"2030-01-01T00:01:00Z","properties":{}}`
	if r := s.post(t, "/v1/events", ahead); r.Accepted != 1 {
		t.Fatal(r.Text)
	}
	if lines := s.events.lines(-1); len(lines) != 1 || !strings.Contains(lines[0], `"timestamp":"2026-11-20T11:59:00.000Z"`) {
		t.Errorf("got %s", lines)
	}
}

// TestSameRequestSameIDs holds that sending again gives the same ids.
func TestSameRequestSameIDs(t *testing.T) {
	s := open(t, nil)
	plain := `{"event_type":"user_signed_up","timestamp":"2026-11-20T11:00:00Z","properties":{"method":"email"}}`
	for range 2 {
		s.post(t, "/v1/events", plain)
		s.post(t, "/v1/events", "["+plain+","+plain+"]", "Idempotency-Key: k1")
	}
	s.post(t, "/v1/events", "["+plain+","+plain+"]", "Idempotency-Key: k1", "Authorization: Bearer app-key")
	ids := map[string]int{}
	for _, line := range s.events.lines(-1) {
		var ev event.BaseEvent
		if err := json.Unmarshal([]byte(line), &ev); err != nil {
			t.Fatal(err)
		}
		ids[ev.EventID.String()]++
	}
	if len(ids) != 5 {
		t.Errorf("three ids twice each, and two of another source, are wanted, got %v", ids)
	}
}

// TestPartitions holds that a session has one partition, and that it is the same
// one for ever.
func TestPartitions(t *testing.T) {
	session, err := event.ParseID([]byte("0b9f3c50-6d8e-5a4e-9d0a-4d2f8f6f1c11"))
	if err != nil {
		t.Fatal(err)
	}
	if p := partitionOf(session, 16); p != 9 {
		t.Errorf("the partition is %d: events of running sessions would change places", p)
	}
	s := open(t, nil)
	var body strings.Builder
	for i := range 200 {
		body.WriteString(view(fmt.Sprintf("%08d-6d8e-5a4e-9d0a-4d2f8f6f1c11", i%50), newID()) + "\n")
	}
	if r := s.post(t, "/v1/events", body.String()); r.Accepted != 200 {
		t.Fatal(r.Text)
	}
	at, used := map[event.ID]int{}, map[int]bool{}
	for p := range 4 {
		for _, line := range s.events.lines(p) {
			ev, _ := s.options.Registry.Parse([]byte(line), clock)
			if q, seen := at[ev.SessionID]; seen && q != p {
				t.Errorf("session %s is in partitions %d and %d", ev.SessionID, p, q)
			}
			at[ev.SessionID], used[p] = p, true
		}
	}
	if len(at) != 50 || len(used) != 4 {
		t.Errorf("%d sessions in %d partitions", len(at), len(used))
	}
}

func TestRejects(t *testing.T) {
	s := open(t, nil)
	bad := `{"event_type":"page_view","timestamp":1,"session_id":"x","context":{"ip":"203.0.113.77"},"properties":{"via":"2001:db8:1:2::3"}}`
	s.post(t, "/v1/events", bad+"\n{\"ip\": \"203.0.113.77", "User-Agent: Firefox", "Idempotency-Key: k")
	lines := s.rejected.lines(-1)
	if len(lines) != 2 {
		t.Fatalf("got %q", lines)
	}
	var got struct {
		RejectID, Source, Path, Reason, Pointer, Detail, Raw string
		ReceivedAt                                           string `json:"received_at"`
		Origin                                               struct {
			IP    string
			Agent string `json:"user_agent"`
			Key   string `json:"idempotency_key"`
			Index int
		}
		Bytes int
	}
	if err := json.Unmarshal([]byte(lines[0]), &got); err != nil {
		t.Fatal(err)
	}
	if got.Source != "web" || got.Path != "/v1/events" || got.Reason != "wrong_type" || got.Pointer != "/timestamp" ||
		got.ReceivedAt != "2026-11-20T12:00:00.000Z" || got.Origin.IP != "127.0.0.0" || got.Origin.Agent != "Firefox" || got.Origin.Key != "web/k" {
		t.Errorf("got %s", lines[0])
	}
	if want := strings.NewReplacer("203.0.113.77", "203.0.113.0", "2001:db8:1:2::3", "2001:db8:1::").Replace(bad); got.Raw != want {
		t.Errorf("got %s\nwant %s", got.Raw, want)
	}
	if all := strings.Join(lines, ""); strings.Contains(all, "113.77") {
		t.Errorf("a whole address was kept: %s", all)
	}
}

func TestRejectsThatAreNoText(t *testing.T) {
	s := open(t, nil)
	huge := `{"event_type":"page_view","x":"` + strings.Repeat("ñ", 1<<20) + `"}`
	s.post(t, "/v1/events", view(newID(), newID())+"\n\"\xff\x01\"\n"+huge)
	lines := s.rejected.lines(-1)
	if len(lines) != 2 || !strings.Contains(lines[0], `"raw_base64":"Iv8BIg=="`) {
		t.Fatalf("got %d: %.300s", len(lines), lines[0])
	}
	if len(lines[1]) > maxRaw+1000 || !json.Valid([]byte(lines[1])) || !strings.Contains(lines[1], fmt.Sprintf(`"bytes":%d`, len(huge))) {
		t.Errorf("got %d bytes: %.500s", len(lines[1]), lines[1])
	}
}
