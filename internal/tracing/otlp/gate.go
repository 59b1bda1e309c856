package otlp

import (
	"errors"
	"sync/atomic"

	sdk "go.opentelemetry.io/otel/sdk/trace"
)

// waiting is how many spans may wait for the receiver, with those under way: about
// 2 KB each.
const waiting = 2048

// errFull: the receiver does not keep up.
var errFull = errors.New("too many wait for the receiver")

// gate stands before the SDK's batch processor and counts what does not fit, which
// that processor keeps to itself. Its own queue has room for all that is let through.
type gate struct {
	sdk.SpanProcessor
	exporter *exporter
	inside   atomic.Int64
}

func newGate(e *exporter) *gate {
	g := &gate{exporter: e}
	e.done = func(n int) { g.inside.Add(int64(-n)) }
	g.SpanProcessor = sdk.NewBatchSpanProcessor(e, sdk.WithMaxQueueSize(waiting), sdk.WithMaxExportBatchSize(perPost), sdk.WithExportTimeout(2*perBatch))
	return g
}

// OnEnd implements sdk.SpanProcessor. It never waits.
func (g *gate) OnEnd(s sdk.ReadOnlySpan) {
	switch {
	case !s.SpanContext().IsSampled():
	case g.inside.Add(1) > waiting:
		g.inside.Add(-1)
		g.exporter.lost(1, full, errFull)
	default:
		g.SpanProcessor.OnEnd(s)
	}
}
