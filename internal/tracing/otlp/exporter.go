package otlp

import (
	"bytes"
	"context"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/klauspost/compress/gzip"
	sdk "go.opentelemetry.io/otel/sdk/trace"
)

// Bounds of posting. A batch is given up after perBatch, the specification's
// OTEL_EXPORTER_OTLP_TIMEOUT where nothing is said.
const (
	perPost    = 512 // spans
	perBatch   = 10 * time.Second
	perTry     = 5 * time.Second
	firstPause = 500 * time.Millisecond
	lastPause  = 5 * time.Second
)

// exporter posts batches of spans. It implements sdk.SpanExporter.
type exporter struct {
	url     string // of the signal: …/v1/traces
	headers map[string]string
	client  *http.Client
	*losses
	done    func(spans int) // they are posted, or lost
	closing chan struct{}   // closed when nothing may be tried twice any more
	life    context.Context // ends when nothing may be tried at all
	stopped chan struct{}   // closed when nothing more comes
	pause   func(time.Duration) <-chan time.Time
}

// ExportSpans implements sdk.SpanExporter. It gives no error: the SDK would print it.
func (e *exporter) ExportSpans(_ context.Context, spans []sdk.ReadOnlySpan) error {
	if len(spans) == 0 {
		return nil
	}
	defer e.done(len(spans))
	body, err := packed(spans)
	if err != nil {
		e.lost(len(spans), failed, err)
		return nil
	}
	ctx, cancel := context.WithTimeout(e.life, perBatch)
	defer cancel()
	refused, err := e.send(ctx, body)
	if err != nil {
		e.lost(len(spans), failed, err)
		return nil
	}
	if refused.spans > 0 {
		e.lost(refused.spans, rejected, refused)
	}
	e.exported.Add(float64(max(0, len(spans)-refused.spans)))
	return nil
}

// Shutdown implements sdk.SpanExporter.
func (e *exporter) Shutdown(context.Context) error {
	e.client.CloseIdleConnections()
	close(e.stopped)
	return nil
}

// send tries until the batch is taken, or refused for good, or its time is over.
func (e *exporter) send(ctx context.Context, body []byte) (partial, error) {
	for pause := firstPause; ; pause = min(2*pause, lastPause) {
		refused, err := e.post(ctx, body)
		again, retry := retryable(err)
		if !retry || ctx.Err() != nil {
			return refused, err
		}
		// Receivers that were away are not all asked again at once.
		wait := max(again, pause/2+rand.N(pause))
		if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < wait {
			return refused, err
		}
		select {
		case <-e.pause(wait):
		case <-e.closing:
			return refused, err
		case <-ctx.Done():
			return refused, err
		}
	}
}

func packed(spans []sdk.ReadOnlySpan) ([]byte, error) {
	text, err := encode(spans)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if _, err := z.Write(text); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
