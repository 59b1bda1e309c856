package main

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/cache/cachetest"
	"github.com/tiendi/tiendi/internal/postgres/postgrestest"
)

// TestTraces follows a request through collector, log and stream to each of its
// sinks, by nothing but what a receiver of OTLP is sent.
func TestTraces(t *testing.T) {
	t.Parallel()
	s := newStreamShop(t)
	receiver := startReceiver(t)
	collector := s.command("collect", "--listen", "127.0.0.1:0", "--spool", t.TempDir(), "--traces", receiver.URL)
	url := startServer(t, collector)
	client := &receivedSpan{TraceID: "0af7651916cd43dd8448eb211c80319c", SpanID: "b7ad6b7169203331"}
	sendTraced(t, url, client, clicks(t)[:50])
	terminate(t, collector) // which posts what is left

	stream := s.command("stream", "--once")
	stream.Env = append(stream.Environ(), "OTEL_EXPORTER_OTLP_ENDPOINT="+receiver.URL, "OTEL_SERVICE_NAME=figures", "OTEL_TRACES_SAMPLER_ARG=0",
		"TIENDI_REDIS_URL=unix://"+cachetest.Start(t), "TIENDI_POSTGRES_URL="+postgrestest.Database(t))
	if out, err := stream.CombinedOutput(); err != nil {
		t.Fatalf("stream --once: %v\n%s", err, out)
	}
	requests := receiver.below(client)
	if len(requests) != 1 {
		t.Fatalf("%d spans continue the client's trace", len(requests))
	}
	reached := map[string]*receivedSpan{}
	follow(receiver, requests[0], reached)
	for name, want := range tracedPath {
		got := reached[name]
		if got == nil {
			t.Errorf("nothing leads to %s", name)
			continue
		}
		check(t, got, want)
	}
	for _, span := range receiver.spans {
		if reached[span.Name] == nil {
			t.Errorf("%s is sampled, and has nothing to do with the request", span.Name)
		}
	}
}

// wantedSpan is what is held of a span: its kind, whether it has a parent, its
// service, and attributes.
type wantedSpan struct {
	kind       int // as in OTLP
	parent     bool
	service    string
	attributes map[string]string
}

const (
	serverKind   = 2
	producerKind = 4
	consumerKind = 5
)

var tracedPath = map[string]wantedSpan{
	"POST /v1/events": {serverKind, true, "tiendi-collect", map[string]string{
		"http.request.method": "POST", "http.route": "/v1/events", "http.response.status_code": "202", "tiendi.events.accepted": "50", "tiendi.events.rejected": "0"}},
	"send analytics.raw": {producerKind, true, "tiendi-collect", map[string]string{
		"messaging.system": "nats", "messaging.operation.type": "send", "messaging.destination.name": "analytics.raw"}},
	"enrich analytics.raw": {consumerKind, false, "figures", map[string]string{
		"messaging.system": "nats", "messaging.operation.type": "process", "messaging.operation.name": "enrich"}},
	"aggregate analytics.enriched":  {consumerKind, false, "figures", map[string]string{"messaging.operation.name": "aggregate"}},
	"sessionize analytics.enriched": {consumerKind, false, "figures", map[string]string{"messaging.operation.name": "sessionize"}},
	"events analytics.enriched":     {consumerKind, false, "figures", map[string]string{"db.system.name": "clickhouse"}},
	"clickhouse analytics.aggregated": {consumerKind, false, "figures", map[string]string{
		"messaging.destination.name": "analytics.aggregated", "db.system.name": "clickhouse"}},
	"redis analytics.aggregated":    {consumerKind, false, "figures", map[string]string{"db.system.name": "redis"}},
	"postgres analytics.aggregated": {consumerKind, false, "figures", map[string]string{"db.system.name": "postgresql"}},
}

// follow notes, by name, what parents and links lead to from a span.
func follow(r *spanReceiver, from *receivedSpan, reached map[string]*receivedSpan) {
	reached[from.Name] = from
	for _, s := range r.below(from) {
		follow(r, s, reached)
	}
}

func check(t *testing.T, got *receivedSpan, want wantedSpan) {
	t.Helper()
	if got.Kind != want.kind || (got.ParentSpanID != "") != want.parent || got.service != want.service || got.Status.Code != 0 {
		t.Errorf("%s is of kind %d, parent %q, service %s, status %d", got.Name, got.Kind, got.ParentSpanID, got.service, got.Status.Code)
	}
	for key, value := range want.attributes {
		if got.said(key) != value {
			t.Errorf("%s: %s is %q, want %q", got.Name, key, got.said(key), value)
		}
	}
	if got.End < got.Start || time.Since(time.Unix(0, got.Start)) > time.Hour {
		t.Errorf("%s lasts from %d to %d", got.Name, got.Start, got.End)
	}
	if want.kind != serverKind && (got.said("tiendi.events") == "0" || got.said("tiendi.bytes") == "0" || got.said("messaging.destination.partition.id") != got.said("tiendi.partition")) {
		t.Errorf("%s: %+v", got.Name, got.Attributes)
	}
}

// TestTracesToNobody: a receiver that is not there costs a collector nothing but the
// spans, which it counts, and it ends as soon as it is told.
func TestTracesToNobody(t *testing.T) {
	t.Parallel()
	s := emptyShop(t)
	s.write(t, "dbt_project.yml", "name: shop\nprofile: tiendi\n")
	cmd := s.command("collect", "--listen", "127.0.0.1:0", "--spool", t.TempDir(), "--traces", "http://127.0.0.1:1")
	url := startServer(t, cmd)
	sendTraced(t, url, &receivedSpan{TraceID: strings.Repeat("a", 32), SpanID: strings.Repeat("b", 16)},
		[][]byte{[]byte(`{"event_type":"user_signed_up","timestamp":"2026-11-20T10:00:00Z","properties":{}}`)})
	response, err := http.Get(url + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var text bytes.Buffer
	if _, err := text.ReadFrom(response.Body); err != nil || !strings.Contains(text.String(), `tiendi_traces_spans_dropped_total{reason="failed"}`) {
		t.Errorf("the metrics have no count of spans (%v)", err)
	}
	began := time.Now()
	terminate(t, cmd)
	if took := time.Since(began); took > 20*time.Second {
		t.Errorf("it ended after %v", took)
	}
	if got := s.try(t, "collect", "--traces", "localhost:4317"); got.code != 2 || !strings.Contains(got.stderr, "http://localhost:4318") {
		t.Errorf("got %d, %s", got.code, got.stderr)
	}
}
