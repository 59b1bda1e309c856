package otlp

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// TestHangingReceiver: one that takes a connection and never answers costs the queue
// and nothing else. Ending a span never waits, what is too much is counted and told
// of once, and stopping takes no longer than its time.
func TestHangingReceiver(t *testing.T) {
	hang := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-hang }))
	defer server.Close()
	defer close(hang)
	var log bytes.Buffer
	p, _ := provide(t, server.URL, &log)
	began := time.Now()
	p.spans(3 * waiting)
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("ending spans took %v", took)
	}
	if n := p.count(t, full); n < waiting || n > 2*waiting {
		t.Errorf("%d spans are dropped", n)
	}
	began = time.Now()
	p.Stop()
	if took := time.Since(began); took > flushTime+time.Second {
		t.Errorf("stopping took %v", took)
	}
	if n := strings.Count(log.String(), "spans are dropped"); n < 1 || n > 2 {
		t.Errorf("the log says so %d times:\n%s", n, log.String())
	}
}

// TestDeadReceiver: where nobody listens, stopping is a matter of moments and all is
// counted.
func TestDeadReceiver(t *testing.T) {
	p, _ := provide(t, "http://127.0.0.1:1", io.Discard)
	p.spans(100)
	began := time.Now()
	p.Stop()
	if took := time.Since(began); took > time.Second || p.count(t, failed) != 100 {
		t.Errorf("stopping took %v, %d failed", took, p.count(t, failed))
	}
}

// TestStopFlushes: what ended before the stop is posted.
func TestStopFlushes(t *testing.T) {
	r := receive(t, reply{status: 200})
	p, _ := provide(t, r.URL, io.Discard)
	p.spans(2 * perPost)
	p.Stop()
	if n := r.spans.Load(); n != 2*perPost {
		t.Errorf("%d spans came", n)
	}
}
