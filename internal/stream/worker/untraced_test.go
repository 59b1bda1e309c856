package worker

import (
	"testing"

	"github.com/tiendi/tiendi/internal/broker"
)

// TestUntracedCosts: without a tracer nothing is kept of what is read, and nothing
// allocated.
func TestUntracedCosts(t *testing.T) {
	var u unwritten
	var payload broker.Payload
	if n := testing.AllocsPerRun(100, func() {
		u.took(&broker.Record{})
		span := u.span()
		payload.Trace = span.Traceparent()
		span.End(1, nil)
		u.passed()
	}); n != 0 || payload.Trace != "" {
		t.Errorf("%g allocations, %q", n, payload.Trace)
	}
}
