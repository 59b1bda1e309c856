package collect

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/tracing"
)

// w3c is the example of W3C's recommendation.
const w3c = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

// traced runs a collector whose spans are kept.
func traced(t *testing.T, change func(*Options)) (*site, *tracetest.SpanRecorder) {
	t.Helper()
	recorder := tracetest.NewSpanRecorder()
	p := sdk.NewTracerProvider(sdk.WithSpanProcessor(recorder))
	return open(t, func(o *Options) {
		o.Tracer = &tracing.Tracer{Tracer: p.Tracer("test"), System: "nats"}
		if change != nil {
			change(o)
		}
	}), recorder
}

// ended waits for so many spans of a kind.
func ended(t *testing.T, r *tracetest.SpanRecorder, kind trace.SpanKind, n int) (spans []sdk.ReadOnlySpan) {
	t.Helper()
	eventually(t, "the spans", func() bool {
		spans = nil
		for _, s := range r.Ended() {
			if s.SpanKind() == kind {
				spans = append(spans, s)
			}
		}
		return len(spans) == n
	})
	return spans
}

func said(s sdk.ReadOnlySpan, key string) string {
	for _, a := range s.Attributes() {
		if a.Key == attribute.Key(key) {
			return a.Value.String()
		}
	}
	return "(nothing)"
}

// TestTracedRequest: a request continues its client's trace, and its part of the log
// names the span that wrote it.
func TestTracedRequest(t *testing.T) {
	s, recorder := traced(t, nil)
	s.post(t, "/v1/events?write_key=secret", view(newID(), newID())+"\n"+`{"event_type":"nonsense"}`, "Traceparent: "+w3c, "Content-Type: application/x-ndjson")
	request := ended(t, recorder, trace.SpanKindServer, 1)[0]
	for key, want := range map[string]string{
		"http.request.method": "POST", "http.route": "/v1/events", "url.path": "/v1/events", "url.scheme": "http",
		"http.response.status_code": "202", "tiendi.events.accepted": "1", "tiendi.events.rejected": "1", "tiendi.source": "web",
		"client.address": "127.0.0.0", "error.type": "(nothing)", "url.query": "(nothing)",
	} {
		if got := said(request, key); got != want {
			t.Errorf("%s is %s, want %s", key, got, want)
		}
	}
	if request.Name() != "POST /v1/events" || request.Parent().SpanID().String() != "b7ad6b7169203331" || !request.Parent().IsRemote() {
		t.Errorf("%s is a child of %v", request.Name(), request.Parent())
	}
	for _, send := range ended(t, recorder, trace.SpanKindProducer, 2) {
		if send.Parent().SpanID() != request.SpanContext().SpanID() || said(send, "messaging.system") != "nats" {
			t.Errorf("%s: parent %v, %v", send.Name(), send.Parent(), send.Attributes())
		}
		log := map[string]*memory{"send analytics.raw": s.events, "send analytics.rejected": s.rejected}[send.Name()]
		if got := log.stored[0].Trace; got != "00-"+send.SpanContext().TraceID().String()+"-"+send.SpanContext().SpanID().String()+"-01" {
			t.Errorf("%s: the log says %s", send.Name(), got)
		}
	}
}

// TestTracedBatch: requests that share a batch share its span, by a parent and links.
func TestTracedBatch(t *testing.T) {
	s, recorder := traced(t, func(o *Options) { o.Events.Partitions = 1; o.Limits.Linger = time.Second })
	done := make(chan error, 3)
	for range cap(done) {
		go func() {
			_, err := s.send("/v1/events", view(newID(), newID()))
			done <- err
		}()
	}
	for range cap(done) {
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
	send := ended(t, recorder, trace.SpanKindProducer, 1)[0]
	requests := map[trace.SpanID]bool{send.Parent().SpanID(): true}
	for _, l := range send.Links() {
		requests[l.SpanContext.SpanID()] = true
	}
	for _, r := range ended(t, recorder, trace.SpanKindServer, 3) {
		if !requests[r.SpanContext().SpanID()] {
			t.Errorf("nothing leads from %v", r.SpanContext().SpanID())
		}
	}
	if said(send, "tiendi.events") != "3" {
		t.Errorf("the batch has %s events", said(send, "tiendi.events"))
	}
}

// TestTracedFailures: what is refused is no error of the server's; a batch that goes
// to the spool says why, and its context goes with it.
func TestTracedFailures(t *testing.T) {
	s, recorder := traced(t, nil)
	s.post(t, "/v1/events", "{}", "Authorization: Bearer nobody")
	refused := ended(t, recorder, trace.SpanKindServer, 1)[0]
	if refused.Status().Code != codes.Unset || said(refused, "error.type") != "401" || len(refused.Events()) != 1 {
		t.Errorf("got %v, %v", refused.Status(), refused.Attributes())
	}
	s.events.set(true, nil)
	if r := s.post(t, "/v1/events", view(newID(), newID())); r.Status != http.StatusAccepted {
		t.Fatalf("got %d", r.Status)
	}
	send := ended(t, recorder, trace.SpanKindProducer, 1)[0]
	if said(send, "tiendi.spooled") != "true" || len(send.Events()) != 1 {
		t.Errorf("got %v, %v", send.Attributes(), send.Events())
	}
	s.events.set(false, nil)
	eventually(t, "the spool is sent", func() bool { return len(s.events.lines(-1)) == 1 })
	if got := s.events.stored[0].Trace; !strings.Contains(got, send.SpanContext().SpanID().String()) {
		t.Errorf("the log says %q", got)
	}
}

// TestUntracedCosts: without a tracer there is nothing to pay for.
func TestUntracedCosts(t *testing.T) {
	c, l := &Collector{}, &lane{}
	one, b, from := &call{}, &broker.Batch{}, make([]chunk, 3)
	if n := testing.AllocsPerRun(100, func() {
		c.trace(one, "/v1/events")
		one.traced(http.StatusAccepted, nil, nil)
		l.trace(b, from).End(3, nil)
	}); n != 0 {
		t.Errorf("%g allocations", n)
	}
}
