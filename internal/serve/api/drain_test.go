package api

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// longPath asks for an answer that no buffer of a connection holds.
const longPath = "/v1/query?metrics=gmv&group_by=sale__category&limit=500000"

// newLongSite is one whose A has so many categories, which do not compress well.
func newLongSite(t *testing.T, categories int) *site {
	t.Helper()
	s := newSite(t, func(o *Options) { o.Limits.Rows = 500_000 })
	s.exec(t, "INSERT INTO sales_mart SELECT '"+storeA+"', '2026-11-01'::Date, hex(randomString(75)), 1, 1 FROM numbers("+strconv.Itoa(categories)+")")
	return s
}

// begin asks for the long answer and reads its first bytes.
func (s *site) begin(t *testing.T) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+longPath, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+s.token(t, storeA))
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = resp.Body.Close() })
	if _, err := io.ReadFull(resp.Body, make([]byte, 1<<20)); err != nil || resp.StatusCode != 200 {
		t.Fatalf("%s, %v", resp.Status, err)
	}
	return resp
}

// TestDrain: a server that is told to stop ends its live streams, sends what it has begun
// to its end, and takes nothing more.
func TestDrain(t *testing.T) {
	s := newLongSite(t, 100_000)
	s.fillLive(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.URL = "http://" + listener.Addr().String()
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.server.Run(ctx, listener) }()
	events := s.openStream(t, s.token(t, storeA))
	if event, err := readEvent(events); err != nil || !strings.Contains(event, `"views":7`) {
		t.Fatalf("%q, %v", event, err)
	}
	answer := s.begin(t)
	stop()
	if _, err := io.Copy(io.Discard, events); err != nil {
		t.Errorf("the stream does not end well: %v", err)
	}
	select {
	case err := <-ended:
		t.Fatalf("it stops with an answer under way: %v", err)
	default:
	}
	for {
		c, err := net.Dial("tcp", listener.Addr().String())
		if err != nil {
			break // it takes no more
		}
		_ = c.Close()
	}
	rest, err := io.ReadAll(answer.Body)
	if err != nil || !bytes.HasSuffix(rest, []byte("\n]}\n")) {
		t.Errorf("the answer is not whole: %v, …%.50q", err, rest[max(0, len(rest)-50):])
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// TestCutAnswer: one that fails after it has begun does not look whole to whoever reads it.
func TestCutAnswer(t *testing.T) {
	s := newLongSite(t, 450_000) // more blocks of the engine than its client reads ahead
	answer := s.begin(t)
	s.exec(t, "KILL QUERY WHERE current_database = '"+s.db.Config().Database+"' AND query NOT LIKE 'KILL%' ASYNC")
	rest, err := io.ReadAll(answer.Body)
	if !errors.Is(err, io.ErrUnexpectedEOF) || bytes.HasSuffix(rest, []byte("]}\n")) {
		t.Errorf("%d bytes more, and then %v", len(rest), err)
	}
	s.Close() // which waits for the request
	if log := s.log.String(); !strings.Contains(log, "the answer was cut off") {
		t.Errorf("the log does not say so: %s", log)
	}
}
