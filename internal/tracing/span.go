package tracing

import (
	"errors"
	"fmt"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
)

// Span is of one batch. A nil one, where nothing is traced, takes everything and does
// nothing.
type Span struct {
	span trace.Span
	last error // that was recorded
}

// Traceparent is the span's context as it travels in the log, "" where it is not
// sampled: nobody could follow it.
func (s *Span) Traceparent() string {
	if s == nil {
		return ""
	}
	return format(s.span.SpanContext())
}

// Failed records that a try has failed, after which another may come.
func (s *Span) Failed(err error) {
	if s != nil && err != nil {
		s.span.RecordError(err)
		s.last = err
	}
}

// Spooled says that a batch went to disk instead of into the log.
func (s *Span) Spooled() {
	if s != nil {
		s.span.SetAttributes(attribute.Bool("tiendi.spooled", true))
	}
}

// End ends the span: so many events, rows, windows or sessions are written, or it has
// failed for good, and nobody knows how many are.
func (s *Span) End(written int, err error) {
	if s == nil {
		return
	}
	if err == nil {
		s.span.SetAttributes(attribute.Int("tiendi.written", written))
		s.span.End()
		return
	}
	if !errors.Is(s.last, err) {
		s.Failed(err)
	}
	s.span.SetStatus(codes.Error, err.Error())
	s.span.SetAttributes(attribute.String("error.type", fmt.Sprintf("%T", err)))
	s.span.End()
}
