package collect

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/tiendi/tiendi/internal/tracing"
)

// BenchmarkRequest is a request of 100 events without the network and the broker: what
// the collector itself costs, without traces, with all of them sampled, and with none.
func BenchmarkRequest(b *testing.B) {
	b.Run("traces=off", func(b *testing.B) { benchRequest(b, nil) })
	for name, sampler := range map[string]sdk.Sampler{"all": sdk.AlwaysSample(), "none": sdk.NeverSample()} {
		p := sdk.NewTracerProvider(sdk.WithBatcher(tracetest.NewNoopExporter()), sdk.WithSampler(sampler))
		b.Run("traces="+name, func(b *testing.B) { benchRequest(b, &tracing.Tracer{Tracer: p.Tracer("bench")}) })
	}
}

func benchRequest(b *testing.B, tracer *tracing.Tracer) {
	s := open(b, func(o *Options) { o.Limits.Linger, o.Tracer = 1, tracer })
	handler := s.handler()
	bodies := benchBodies(100)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		s.events.forget()
		request := httptest.NewRequest(http.MethodPost, "/v1/events", strings.NewReader(string(bodies[i%len(bodies)])))
		request.Header.Set("Authorization", "Bearer web-key")
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, request)
		if answer.Code != http.StatusAccepted {
			b.Fatal(answer.Body)
		}
	}
}

func (m *memory) forget() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.stored = m.stored[:0]
}
