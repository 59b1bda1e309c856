package collect

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestRateOfKey(t *testing.T) {
	now := clock
	s := open(t, func(o *Options) {
		o.Limits.KeyRate, o.Limits.BatchEvents = 10, 20
		o.Now = func() time.Time { return now }
	})
	batch := strings.Repeat(view(newID(), newID())+"\n", 20)
	if r := s.post(t, "/v1/events", batch); r.Status != 202 {
		t.Fatal(r.Text)
	}
	// Another key of the same source is no second allowance.
	r := s.post(t, "/v1/events", batch, "Authorization: Bearer web-key-2")
	if r.Status != 429 || r.Header.Get("Retry-After") != "2" || !strings.Contains(r.Error, "10 events") {
		t.Errorf("got %d, Retry-After %s: %s", r.Status, r.Header.Get("Retry-After"), r.Text)
	}
	if r := s.post(t, "/v1/events", batch, "Authorization: Bearer app-key"); r.Status != 202 {
		t.Errorf("another source: got %d", r.Status)
	}
	now = now.Add(2 * time.Second)
	if r := s.post(t, "/v1/events", batch); r.Status != 202 {
		t.Errorf("after the wait: got %d %s", r.Status, r.Text)
	}
	if n := len(s.events.lines(-1)); n != 60 {
		t.Errorf("%d events are in the log", n)
	}
}

func TestRateOfAddress(t *testing.T) {
	s := open(t, func(o *Options) {
		o.Limits.IPRate = 1
		o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	})
	status := func(from string) int {
		return s.post(t, "/v1/events", view(newID(), newID()), "X-Forwarded-For: "+from).Status
	}
	for i, c := range []struct {
		from string
		want int
	}{
		{"2001:db8:1:2::1", 202}, {"2001:db8:1:2::2", 202}, {"2001:db8:1:2::3", 429},
		{"2001:db8:1:3::3", 202}, {"9.9.9.9, 2001:db8:1:2::9", 429},
	} {
		if got := status(c.from); got != c.want {
			t.Errorf("%d: %s: got %d, want %d", i, c.from, got, c.want)
		}
	}
}

func TestPreflight(t *testing.T) {
	s := open(t, nil)
	for origin, want := range map[string]int{"https://shop.example": 204, "https://evil.example": 403, s.url: 204} {
		request, err := http.NewRequest(http.MethodOptions, s.url+"/v1/events", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Origin", origin)
		request.Header.Set("Access-Control-Request-Method", "POST")
		r, err := do(request)
		if err != nil {
			t.Fatal(err)
		}
		allowed := r.Header.Get("Access-Control-Allow-Origin")
		if r.Status != want || (want == 204) != (allowed == origin) || want == 204 && r.Header.Get("Access-Control-Max-Age") != "7200" {
			t.Errorf("%s: got %d, %v", origin, r.Status, r.Header)
		}
	}
	r := s.post(t, "/v1/events", view(newID(), newID()), "Origin: https://shop.example")
	if r.Status != 202 || r.Header.Get("Access-Control-Allow-Origin") != "https://shop.example" || r.Header.Get("Vary") != "Origin" {
		t.Errorf("got %d, %v", r.Status, r.Header)
	}
}

func TestKeys(t *testing.T) {
	for _, c := range []struct{ source, hash, fails string }{
		{"web", hashOf("k"), ""}, {"web", "sha256:" + hashOf("k"), ""},
		{"web", "my-secret-key", "number 1 is no SHA-256"}, {"Web!", hashOf("k"), "can be no source"},
	} {
		_, err := ParseKeys(map[string][]string{c.source: {c.hash}})
		if c.fails == "" && err != nil || c.fails != "" && (err == nil || !strings.Contains(err.Error(), c.fails)) {
			t.Errorf("%s %s: got %v", c.source, c.hash, err)
		}
		if err != nil && strings.Contains(err.Error(), "my-secret-key") {
			t.Errorf("the error repeats what may be a key: %v", err)
		}
	}
	if _, err := ParseKeys(map[string][]string{"a": {hashOf("k")}, "b": {hashOf("k")}}); err == nil || !strings.Contains(err.Error(), "a and b") {
		t.Errorf("got %v", err)
	}
}

// TestKeysAreNeverLogged looks at all that the collector writes.
func TestKeysAreNeverLogged(t *testing.T) {
	var log bytes.Buffer
	s := open(t, func(o *Options) { o.Log = debugLog(&log); o.Limits.SpoolBytes = 1 })
	s.events.set(true, nil)
	if r := s.post(t, "/v1/events?write_key=web-key", view(newID(), newID()), "Authorization: "); r.Status != 503 {
		t.Errorf("got %d", r.Status)
	}
	s.post(t, "/v1/events?write_key=wrong-key", "{", "Authorization: Bearer wrong-key")
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	if text := log.String(); strings.Contains(text, "-key") || text == "" {
		t.Errorf("the log is: %s", text)
	}
}

// dial speaks HTTP by hand.
func (s *site) dial(t *testing.T, text string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
	_ = conn.SetReadDeadline(time.Now().Add(20 * time.Second))
	return conn
}

// TestSlowClients holds that a client that never ends its headers or its body is
// cut off, and holds little until then.
func TestSlowClients(t *testing.T) {
	s := open(t, func(o *Options) {
		o.Limits.HeaderTimeout, o.Limits.ReadTimeout = 200*time.Millisecond, 400*time.Millisecond
	})
	headers := s.dial(t, "POST /v1/events HTTP/1.1\r\nHost: x\r\n")
	body := s.dial(t, "POST /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer web-key\r\nContent-Length: 4000000\r\n\r\n[")
	eventually(t, "the body's request", func() bool { return s.inFlight.used.Load() > 0 })
	if held := s.inFlight.used.Load(); held > trusted {
		t.Errorf("a slow client holds %d bytes", held)
	}
	if text, err := io.ReadAll(headers); err != nil || strings.Contains(string(text), "202") {
		t.Errorf("slow headers: %q, %v", text, err)
	}
	text, err := io.ReadAll(body)
	if err != nil || !strings.Contains(string(text), "408 Request Timeout") {
		t.Errorf("slow body: %q, %v", text, err)
	}
	if held := s.inFlight.used.Load(); held != 0 {
		t.Errorf("%d bytes are still held", held)
	}
}

func TestLargeHeaders(t *testing.T) {
	s := open(t, nil)
	r := s.post(t, "/v1/events", "{}", "X-Large: "+strings.Repeat("x", 64<<10))
	if r.Status != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("got %d", r.Status)
	}
}

// TestBackpressure holds that memory is bounded: what does not fit is told to
// come back, and nothing stays held.
func TestBackpressure(t *testing.T) {
	hold := make(chan struct{})
	s := open(t, func(o *Options) { o.Limits.InFlightBytes = 100 << 10 })
	s.events.set(false, hold)
	statuses := make(chan reply)
	for range 12 {
		go func() {
			r, err := s.send("/v1/events", view(newID(), newID()))
			if err != nil {
				t.Error(err)
			}
			statuses <- r
		}()
	}
	got := map[int]int{}
	full := <-statuses // only one that is refused is answered yet
	if full.Status != 503 || full.Header.Get("Retry-After") == "" {
		t.Errorf("got %d, %v", full.Status, full.Header)
	}
	close(hold)
	for range 11 {
		got[(<-statuses).Status]++
	}
	if got[202] == 0 || got[202]+got[503] != 11 {
		t.Errorf("got %v", got)
	}
	if n := len(s.events.lines(-1)); n != got[202] {
		t.Errorf("%d answered 202, %d in the log", got[202], n)
	}
	if held := s.inFlight.used.Load(); held != 0 {
		t.Errorf("%d bytes are still held", held)
	}
}

// TestDrain holds that what is under way when the collector is stopped is answered.
func TestDrain(t *testing.T) {
	hold := make(chan struct{})
	s := open(t, nil)
	s.events.set(false, hold)
	answered := make(chan reply, 1)
	go func() {
		r, err := s.send("/v1/events", view(newID(), newID()))
		if err != nil {
			t.Error(err)
		}
		answered <- r
	}()
	eventually(t, "the request", func() bool { return s.inFlight.used.Load() > 0 })
	stopped := make(chan error, 1)
	go func() { stopped <- s.stop() }()
	eventually(t, "draining", s.draining.Load)
	close(hold)
	if err := <-stopped; err != nil {
		t.Error(err)
	}
	if r := <-answered; r.Status != 202 || len(s.events.lines(-1)) != 1 {
		t.Errorf("got %d, %d in the log", r.Status, len(s.events.lines(-1)))
	}
}

// TestHangingBroker bounds the answer's time, and keeps the event.
func TestHangingBroker(t *testing.T) {
	hold := make(chan struct{})
	s := open(t, func(o *Options) { o.Limits.ConfirmTimeout = 50 * time.Millisecond })
	s.events.set(false, hold)
	if r := s.post(t, "/v1/events", view(newID(), newID())); r.Status != 202 {
		t.Errorf("got %d %s", r.Status, r.Text)
	}
	if s.spool.records.Load() != 1 {
		t.Error("the event is not in the spool")
	}
	close(hold)
	eventually(t, "the event in the log", func() bool { return len(s.events.lines(-1)) == 1 && s.spool.records.Load() == 0 })
}

func TestMetrics(t *testing.T) {
	s := open(t, nil)
	s.post(t, "/v1/events", view(newID(), newID())+"\n{}")
	s.post(t, "/v1/events", "hello")
	response, err := http.Get(s.url + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`tiendi_collect_events_accepted_total{source="web"} 1`,
		`tiendi_collect_events_rejected_total{reason="missing_field",source="web"} 1`,
		`tiendi_collect_request_duration_seconds_count{code="202",route="/v1/events"} 1`,
		`tiendi_collect_request_duration_seconds_count{code="400",route="/v1/events"} 1`,
		`tiendi_collect_publish_duration_seconds_count{topic="analytics.raw"} 1`,
		`tiendi_collect_requests_in_flight 0`, `tiendi_collect_in_flight_bytes 0`,
		`tiendi_collect_spool_bytes 0`, `tiendi_collect_spool_records 0`,
		`tiendi_collect_spool_limit_bytes ` + strconv.FormatFloat(float64(s.limits.SpoolBytes), 'e', -1, 64),
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("there is no %s", want)
		}
	}
	if t.Failed() {
		fmt.Println(string(text))
	}
}
