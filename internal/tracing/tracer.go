package tracing

import (
	"context"
	"strconv"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"
)

// Scope is the instrumentation scope of all spans.
const Scope = "github.com/tiendi/tiendi"

// Tracer makes spans. A nil one stands for no tracing: who holds it makes none.
type Tracer struct {
	trace.Tracer
	// System is messaging.system: "rabbitmq" or, for the embedded log, "nats".
	System string
}

// Batch is what a span tells of messages of one partition.
type Batch struct {
	Topic     string
	Partition int
	Messages  int
	Events    int    // in them: lines, events, or windows and sessions
	Bytes     int    // of their bodies
	First     uint64 // offsets; only what was read has them
	Last      uint64
}

// Send begins the span of appending a message to the log: a child of the first of
// these that is sampled, linked to the others. Where none is there is no span.
func (t *Tracer) Send(b Batch, from []trace.SpanContext) *Span {
	var parent trace.SpanContext
	var links []trace.Link
	for _, sc := range from {
		switch {
		case !sc.IsSampled() || sc.SpanID() == parent.SpanID():
		case !parent.IsValid():
			parent = sc
		case len(links) < maxLinks:
			links = append(links, trace.Link{SpanContext: sc})
		}
	}
	if !parent.IsValid() {
		return nil
	}
	ctx := trace.ContextWithSpanContext(context.Background(), parent)
	_, span := t.Start(ctx, "send "+b.Topic, trace.WithSpanKind(trace.SpanKindProducer), trace.WithLinks(links...),
		trace.WithAttributes(b.attributes(t.System, "send", "send")...))
	return &Span{span: span}
}

// Process begins the span of what an operation does with what it has read since then,
// linked to the spans that wrote it.
func (t *Tracer) Process(operation string, b Batch, from *Links, began time.Time) *Span {
	attributes := append(b.attributes(t.System, operation, "process"),
		attribute.String("messaging.consumer.group.name", operation),
		attribute.Int64("tiendi.offset.first", int64(b.First)), attribute.Int64("tiendi.offset.last", int64(b.Last)))
	if system, ok := databases[operation]; ok {
		attributes = append(attributes, attribute.String("db.system.name", system))
	}
	_, span := t.Start(context.Background(), operation+" "+b.Topic, trace.WithNewRoot(), trace.WithTimestamp(began),
		trace.WithSpanKind(trace.SpanKindConsumer), trace.WithLinks(from.links()...), trace.WithAttributes(attributes...))
	// Until here it waited for more; from here on it writes.
	span.AddEvent("write")
	return &Span{span: span}
}

// databases are db.system.name of the operations that write to one.
var databases = map[string]string{"events": "clickhouse", "clickhouse": "clickhouse", "redis": "redis", "postgres": "postgresql"}

func (b *Batch) attributes(system, operation, kind string) []attribute.KeyValue {
	return []attribute.KeyValue{
		attribute.String("messaging.system", system),
		attribute.String("messaging.operation.name", operation),
		attribute.String("messaging.operation.type", kind),
		attribute.String("messaging.destination.name", b.Topic),
		attribute.String("messaging.destination.partition.id", strconv.Itoa(b.Partition)),
		attribute.Int("messaging.batch.message_count", b.Messages),
		attribute.Int("tiendi.partition", b.Partition),
		attribute.Int("tiendi.events", b.Events),
		attribute.Int("tiendi.bytes", b.Bytes),
	}
}
