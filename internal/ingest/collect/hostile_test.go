package collect

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"github.com/tiendi/tiendi/internal/event"
)

// TestLongUserAgent holds that what the connection says fits the schema, as what the
// event says must: the enricher would leave out what is answered 202.
func TestLongUserAgent(t *testing.T) {
	s := open(t, nil)
	bare := strings.Replace(view(newID(), newID()), `"user_agent":"Firefox",`, "", 1)
	for _, agent := range []string{strings.Repeat("x", 15<<10), strings.Repeat("ñ", 7<<10), strings.Repeat("\xff", 15<<10)} {
		if r := s.post(t, "/v1/events", bare, "User-Agent: "+agent); r.Accepted != 1 {
			t.Fatalf("got %s", r.Text)
		}
	}
	for _, line := range s.events.lines(-1) {
		if ev, rejection := s.options.Registry.Parse([]byte(line), clock); rejection != nil || ev.Context.UserAgent == "" {
			t.Errorf("%v of %.300s", rejection, line)
		}
	}
}

// TestSubmissionIsBounded holds that what is made of a small request is bounded as
// what is read of a large one: each event that is refused is kept with all that is
// known of its request.
func TestSubmissionIsBounded(t *testing.T) {
	s := open(t, func(o *Options) { o.Limits.InFlightBytes = 2 << 20 })
	body := strings.Repeat("0\n", 5000)
	agent := "User-Agent: " + strings.Repeat("x", 1000)
	if r := s.post(t, "/v1/events", body, agent); r.Status != 503 {
		t.Errorf("got %d %.200s", r.Status, r.Text)
	}
	if n := len(s.rejected.lines(-1)); n != 0 {
		t.Errorf("%d rejects are in the log of a request that was not taken", n)
	}
	if r := s.post(t, "/v1/events", view(newID(), newID())); r.Status != 202 {
		t.Errorf("the next request: got %d %s", r.Status, r.Text)
	}
	sub := s.submission(len(body))
	ev, _ := s.options.Registry.Parse([]byte(view(newID(), newID())), clock)
	for range 20_000 {
		sub.event(&ev)
	}
	size := 0
	for _, c := range sub.open {
		size += cap(c.body)
	}
	for _, p := range sub.ready {
		size += cap(p.body)
	}
	if int64(size) > s.limits.InFlightBytes+batchBytes {
		t.Errorf("a submission holds %d bytes, and %d is the most in flight", size, s.limits.InFlightBytes)
	}
	if err := sub.commit(t.Context()); err == nil {
		t.Error("it was taken all the same")
	}
	sub.drop()
	if held := s.inFlight.used.Load(); held != 0 {
		t.Errorf("%d bytes are still held", held)
	}
}

// TestMillionMessages: a batch of Segment's that has too many messages costs no more
// than its bytes.
func TestMillionMessages(t *testing.T) {
	s := open(t, nil)
	body := `{"batch":[0` + strings.Repeat(",0", 1_000_000) + `]}`
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	r := s.post(t, "/v1/batch", body)
	runtime.ReadMemStats(&after)
	if r.Status != 413 || !strings.Contains(r.Error, "5000 messages") {
		t.Errorf("got %d %s", r.Status, r.Text)
	}
	if n := after.TotalAlloc - before.TotalAlloc; n > 32<<20 {
		t.Errorf("%d MB were allocated for 2 MB", n>>20)
	}
	if n := len(s.rejected.lines(-1)); n != 0 {
		t.Errorf("%d rejects are in the log", n)
	}
}

// TestWindowsCount holds that the memory that a packed body asks for is in flight as
// its bytes are.
func TestWindowsCount(t *testing.T) {
	s := open(t, func(o *Options) { o.Limits.InFlightBytes = 20 << 20 })
	const head = "\x28\xb5\x2f\xfd\x00\x68" // of a frame with a window of 8 MiB
	request := "POST /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer web-key\r\nContent-Encoding: zstd\r\nContent-Length: 1000\r\n\r\n" +
		head + strings.Repeat("\x00", 20)
	if r := s.post(t, "/v1/events", "\x28\xb5\x2f\xfd\x00\x70"+strings.Repeat("\x00", 20), "Content-Encoding: zstd"); r.Status != 400 {
		t.Errorf("a window of 16 MiB: got %d %s", r.Status, r.Text)
	}
	if r := s.post(t, "/v1/events", "\x28\xb5\x2f\xfd\xa0\x00\x00\x40\x06"+strings.Repeat("\x00", 20), "Content-Encoding: zstd"); r.Status != 413 {
		t.Errorf("100 MiB that say so: got %d %s", r.Status, r.Text)
	}
	for n := range int64(2) {
		s.dial(t, request)
		eventually(t, "the window", func() bool { return s.inFlight.used.Load() > (n+1)*maxWindow })
	}
	r := s.post(t, "/v1/events", head+strings.Repeat("\x00", 20), "Content-Encoding: zstd")
	if r.Status != 503 {
		t.Errorf("a third window: got %d %s", r.Status, r.Text)
	}
	if r := s.post(t, "/v1/events", packed(t, "zstd", view(newID(), newID())), "Content-Encoding: zstd"); r.Status != 202 {
		t.Errorf("a small body: got %d %s", r.Status, r.Text)
	}
}

// TestLaterFramesKeepTheWindow: a small frame in front makes no room for a large one.
func TestLaterFramesKeepTheWindow(t *testing.T) {
	s := open(t, nil)
	encoder, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	one := view(newID(), newID())
	small := string(encoder.EncodeAll([]byte(one+"\n"), nil))
	if r := s.post(t, "/v1/events", small+small, "Content-Encoding: zstd"); r.Accepted != 2 {
		t.Errorf("two frames: got %d %s", r.Status, r.Text)
	}
	large := "\x28\xb5\x2f\xfd\x00\x68" + strings.Repeat("\x00", 20)
	if r := s.post(t, "/v1/events", small+large, "Content-Encoding: zstd"); r.Status != 400 {
		t.Errorf("a large window behind a small one: got %d %s", r.Status, r.Text)
	}
}

// TestLongPointers: an answer is about as long as what it answers.
func TestLongPointers(t *testing.T) {
	s := open(t, nil)
	key := strings.Repeat("<", 80)
	deep := strings.Repeat(`{"`+key+`":`, 30) + "01" + strings.Repeat("}", 30)
	line := fmt.Sprintf(`{"event_type":"page_view","properties":%s}`, strings.Replace(deep, "01", `{"a":1,"a":2}`, 1))
	r := s.post(t, "/v1/events", strings.Repeat(line+"\n", 100))
	if r.Status != 202 || len(r.Rejected) != 100 || r.Rejected[0].Reason != event.DuplicateKey {
		t.Fatalf("got %d %.300s", r.Status, r.Text)
	}
	if len(r.Text) > 2*100*len(line) {
		t.Errorf("an answer of %d bytes to %d", len(r.Text), 100*len(line))
	}
}

// TestContextIsReadOnce: what a batch of Segment's says of all messages is not read
// again for each, which would be gigabytes.
func TestContextIsReadOnce(t *testing.T) {
	s := open(t, nil)
	body := `{"context":{"x":"` + strings.Repeat("x", 3<<20) + `"},"batch":[{}` + strings.Repeat(",{}", 4999) + `]}`
	began := time.Now()
	if r := s.post(t, "/v1/batch", body); r.Status != 200 || len(r.Rejected) != 5000 {
		t.Errorf("got %d %.200s", r.Status, r.Text)
	}
	if took := time.Since(began); took > 30*time.Second {
		t.Errorf("it took %v", took)
	}
}
