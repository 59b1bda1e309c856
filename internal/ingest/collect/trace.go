package collect

import (
	"net"
	"net/http"
	"strconv"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/tracing"
)

// trace begins the span of a request, which goes on with the client's trace where it
// names one. Attributes are those of HTTP servers
// (https://opentelemetry.io/docs/specs/semconv/http/http-spans/), less the query: it
// may hold a write key.
func (c *Collector) trace(one *call, route string) {
	if c.options.Tracer == nil {
		return
	}
	r := one.r
	ctx := propagation.TraceContext{}.Extract(r.Context(), propagation.HeaderCarrier(r.Header))
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	_, one.span = c.options.Tracer.Start(ctx, r.Method+" "+route, trace.WithSpanKind(trace.SpanKindServer), trace.WithAttributes(
		attribute.String("http.request.method", r.Method), attribute.String("http.route", route),
		attribute.String("url.scheme", scheme), attribute.String("url.path", r.URL.Path),
		attribute.String("server.address", hostOf(r)), attribute.String("user_agent.original", r.UserAgent()),
		attribute.String("network.protocol.version", strconv.Itoa(r.ProtoMajor)+"."+strconv.Itoa(r.ProtoMinor)),
	))
}

// hostOf is what the client calls this host, without the port.
func hostOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		return r.Host
	}
	return host
}

// traced ends it with the answer: what was counted, or why it was not taken.
func (one *call) traced(status int, a *answer, err error) {
	if one.span == nil {
		return
	}
	one.span.SetAttributes(
		attribute.Int("http.response.status_code", status), attribute.String("tiendi.source", one.source),
		attribute.String("client.address", one.origin.IP), // as it is stored: anonymous
	)
	if one.r.ContentLength >= 0 {
		one.span.SetAttributes(attribute.Int64("http.request.body.size", one.r.ContentLength))
	}
	if err != nil {
		one.span.RecordError(err)
		one.span.SetAttributes(attribute.String("error.type", strconv.Itoa(status)))
	} else {
		one.span.SetAttributes(attribute.Int("tiendi.events.accepted", a.Accepted),
			attribute.Int("tiendi.events.rejected", len(a.Rejected)), attribute.Int("tiendi.events.ignored", a.Ignored))
	}
	if status >= http.StatusInternalServerError { // what is below is the client's
		one.span.SetStatus(codes.Error, http.StatusText(status))
	}
	one.span.End()
}

// trace begins the span of a batch's way into the log, and has the batch name it.
func (l *lane) trace(b *broker.Batch, from []chunk) *tracing.Span {
	if l.tracer == nil {
		return nil
	}
	requests := make([]trace.SpanContext, 0, len(from))
	for _, c := range from {
		if c.span != nil {
			requests = append(requests, c.span.SpanContext())
		}
	}
	span := l.tracer.Send(tracing.Batch{
		Topic: l.topic.Name, Partition: l.partition, Messages: 1, Events: b.Count, Bytes: len(b.Body),
	}, requests)
	b.Trace = span.Traceparent()
	return span
}
