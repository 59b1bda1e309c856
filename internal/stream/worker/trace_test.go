package worker_test

import (
	"context"
	"testing"
	"time"

	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"github.com/tiendi/tiendi/internal/stream/worker"
	"github.com/tiendi/tiendi/internal/tracing"
)

// TestTraces: links lead from a message of the raw topic to a write of each sink, over
// sinks that fail now and then. Messages without a context are as good as any.
func TestTraces(t *testing.T) {
	w := newWorld(t)
	w.send(0, 100)
	partition, text, id := line(1000)
	batch := w.producer.Batch(partition, []byte(text), 1)
	batch.Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	if err := w.producer.Append(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
	w.sent[id] = true
	w.end("run")
	recorder := tracetest.NewSpanRecorder()
	o, _ := w.options("one", "run")
	o.Tracer = &tracing.Tracer{Tracer: sdk.NewTracerProvider(sdk.WithSpanProcessor(recorder)).Tracer("test"), System: "nats"}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := worker.New(o).Once(ctx); err != nil {
		t.Fatal(err)
	}
	w.check()
	reached := map[string]bool{}
	follow(recorder.Ended(), "b7ad6b7169203331", reached)
	for _, name := range []string{
		"enrich analytics.raw", "aggregate analytics.enriched", "sessionize analytics.enriched", "events analytics.enriched", "redis analytics.aggregated",
	} {
		if !reached[name] {
			t.Errorf("no link leads to %s", name)
		}
	}
}

// follow notes the names of the spans that links lead to from one.
func follow(spans []sdk.ReadOnlySpan, from string, reached map[string]bool) {
	for _, s := range spans {
		for _, l := range s.Links() {
			if l.SpanContext.SpanID().String() == from && s.SpanKind() == trace.SpanKindConsumer {
				reached[s.Name()] = true
				follow(spans, s.SpanContext().SpanID().String(), reached)
			}
		}
	}
}
