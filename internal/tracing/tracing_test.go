package tracing

import (
	"errors"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/otel/codes"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"
)

// example is of W3C's recommendation.
const example = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

func recorded(t *testing.T) (*Tracer, *tracetest.SpanRecorder) {
	t.Helper()
	recorder := tracetest.NewSpanRecorder()
	p := sdk.NewTracerProvider(sdk.WithSpanProcessor(recorder))
	return &Tracer{Tracer: p.Tracer(Scope), System: "nats"}, recorder
}

func TestTraceparent(t *testing.T) {
	sc := parse(example)
	if !sc.IsSampled() || !sc.IsRemote() || sc.SpanID().String() != "b7ad6b7169203331" || format(sc) != example {
		t.Errorf("got %v, %s", sc, format(sc))
	}
	for _, text := range []string{"", "x", example[:54], strings.ToUpper(example), "00-" + strings.Repeat("0", 32) + example[35:]} {
		if sc := parse(text); sc.IsValid() || format(sc) != "" {
			t.Errorf("%q gives %v", text, sc)
		}
	}
	if got := format(parse(example[:54] + "0")); got != "" {
		t.Errorf("one that is not sampled travels: %s", got)
	}
}

func FuzzTraceparent(f *testing.F) {
	for _, s := range []string{example, "", "00--", "ff-" + example[3:], "01-" + example[3:] + "-more"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		text := format(parse(s))
		if text == "" {
			return
		}
		if strings.ContainsAny(text, " =") || format(parse(text)) != text {
			t.Errorf("%q, then %q", s, text)
		}
	})
}

// TestSend: the first sampled request is the parent, the others are links.
func TestSend(t *testing.T) {
	tracer, recorder := recorded(t)
	second := parse(strings.Replace(example, "b7ad6b7169203331", "00f067aa0ba902b7", 1))
	unsampled := parse(example[:54] + "0")
	span := tracer.Send(Batch{Topic: "analytics.raw", Partition: 3, Messages: 1, Events: 7}, []trace.SpanContext{unsampled, parse(example), second, second})
	span.Failed(errors.New("away"))
	span.Spooled()
	span.End(7, nil)
	got := recorder.Ended()[0]
	if got.Parent().SpanID().String() != "b7ad6b7169203331" || len(got.Links()) != 2 || got.Links()[0].SpanContext.SpanID() != second.SpanID() {
		t.Errorf("parent %v, links %v", got.Parent().SpanID(), got.Links())
	}
	if got.SpanKind() != trace.SpanKindProducer || got.Name() != "send analytics.raw" || len(got.Events()) != 1 || got.Status().Code != codes.Unset {
		t.Errorf("got %v %s %v %v", got.SpanKind(), got.Name(), got.Events(), got.Status())
	}
	if span.Traceparent() != "00-0af7651916cd43dd8448eb211c80319c-"+got.SpanContext().SpanID().String()+"-01" {
		t.Errorf("got %s", span.Traceparent())
	}
	if span := tracer.Send(Batch{}, []trace.SpanContext{unsampled, {}}); span != nil {
		t.Error("there is a span, and no request is sampled")
	}
}

func TestProcess(t *testing.T) {
	tracer, recorder := recorded(t)
	var from Links
	for _, text := range []string{example, "", example, "nonsense"} {
		from.Add(text)
	}
	began := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	span := tracer.Process("redis", Batch{Topic: "analytics.aggregated", First: 5, Last: 9}, &from, began)
	gone := errors.New("gone")
	span.Failed(gone)
	span.End(0, gone)
	got := recorder.Ended()[0]
	if got.Parent().IsValid() || len(got.Links()) != 1 || !got.StartTime().Equal(began) || got.SpanKind() != trace.SpanKindConsumer {
		t.Errorf("parent %v, links %v, %v, %v", got.Parent(), got.Links(), got.StartTime(), got.SpanKind())
	}
	if got.Status().Code != codes.Error || len(got.Events()) != 2 { // "write", and the error once
		t.Errorf("status %v, events %v", got.Status(), got.Events())
	}
	for range 2 * maxLinks {
		from.Add(span.Traceparent() + strings.Repeat("x", len(from.from)))
	}
	if len(from.from) != maxLinks {
		t.Errorf("%d links", len(from.from))
	}
}

// TestNothing: without a span nothing is done, and nothing allocated.
func TestNothing(t *testing.T) {
	var span *Span
	if n := testing.AllocsPerRun(100, func() {
		span.Failed(nil)
		span.Spooled()
		span.End(1, nil)
		if span.Traceparent() != "" {
			t.Error("it has a context")
		}
	}); n != 0 {
		t.Errorf("%g allocations", n)
	}
}
