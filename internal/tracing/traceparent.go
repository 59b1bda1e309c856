package tracing

import (
	"context"

	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// traceparent is W3C's header of that name as a carrier: the one thing that travels.
// What vendors add in tracestate stays behind, which links can do without.
type traceparent string

// Get implements propagation.TextMapCarrier.
func (t *traceparent) Get(key string) string {
	if key == "traceparent" {
		return string(*t)
	}
	return ""
}

// Set implements propagation.TextMapCarrier.
func (t *traceparent) Set(key, value string) {
	if key == "traceparent" {
		*t = traceparent(value)
	}
}

// Keys implements propagation.TextMapCarrier.
func (t *traceparent) Keys() []string { return []string{"traceparent"} }

// format is the text of a sampled context, "" of any other.
func format(sc trace.SpanContext) string {
	if !sc.IsSampled() {
		return ""
	}
	var t traceparent
	propagation.TraceContext{}.Inject(trace.ContextWithSpanContext(context.Background(), sc), &t)
	return string(t)
}

// parse gives the context of a text, not valid where it is none.
func parse(text string) trace.SpanContext {
	t := traceparent(text)
	return trace.SpanContextFromContext(propagation.TraceContext{}.Extract(context.Background(), &t))
}
