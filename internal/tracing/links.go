package tracing

import (
	"slices"

	"go.opentelemetry.io/otel/trace"
)

// maxLinks is how many links a span has at most: as many as the SDK keeps where
// OTEL_SPAN_LINK_COUNT_LIMIT says nothing.
const maxLinks = 128

// Links are the spans that messages come from.
type Links struct{ from []string }

// Add takes the traceparent of a message, "" where it has none.
func (l *Links) Add(traceparent string) {
	if traceparent != "" && len(l.from) < maxLinks && !slices.Contains(l.from, traceparent) {
		l.from = append(l.from, traceparent)
	}
}

// Reset forgets them.
func (l *Links) Reset() { l.from = l.from[:0] }

func (l *Links) links() []trace.Link {
	links := make([]trace.Link, 0, len(l.from))
	for _, text := range l.from {
		if sc := parse(text); sc.IsValid() {
			links = append(links, trace.Link{SpanContext: sc})
		}
	}
	return links
}
