package otlp

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	sdk "go.opentelemetry.io/otel/sdk/trace"
)

// provide is a provider whose pauses are noted instead of made.
func provide(t *testing.T, url string, log io.Writer) (p *Provider, pauses *[]time.Duration) {
	t.Helper()
	p = New(Options{
		URL: url + path, Headers: map[string]string{"X-Key": "secret"}, Sampler: sdk.AlwaysSample(), Service: "test",
		Log: slog.New(slog.NewTextHandler(log, nil)),
	})
	pauses = &[]time.Duration{}
	p.exporter.pause = func(d time.Duration) <-chan time.Time {
		*pauses = append(*pauses, d)
		return time.After(0)
	}
	return p, pauses
}

// spans makes so many.
func (p *Provider) spans(n int) {
	for range n {
		_, span := p.Tracer().Start(context.Background(), "test")
		span.End()
	}
}

// count is of what the metrics say: spans exported, where the reason is "".
func (p *Provider) count(t *testing.T, reason string) (n int) {
	t.Helper()
	registry := prometheus.NewPedanticRegistry()
	if err := registry.Register(p); err != nil {
		t.Fatal(err)
	}
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			if labels := m.GetLabel(); len(labels) == 0 && reason == "" || len(labels) > 0 && labels[0].GetValue() == reason {
				n += int(m.GetCounter().GetValue())
			}
		}
	}
	return n
}

// TestPosting holds what becomes of ten spans, by what the receiver answers.
func TestPosting(t *testing.T) {
	busy := reply{status: http.StatusServiceUnavailable, retry: "2"}
	for name, c := range map[string]struct {
		replies        []reply
		posts, taken   int
		rejected, lost int
		least          time.Duration // of the first pause
	}{
		"taken":              {replies: []reply{{status: 200, body: "{}"}}, posts: 1, taken: 10},
		"answer of protobuf": {replies: []reply{{status: 200, body: "\n\x00"}}, posts: 1, taken: 10},
		"retry after":        {replies: []reply{busy, busy, {status: 200}}, posts: 3, taken: 10, least: 2 * time.Second},
		"too many":           {replies: []reply{{status: 429}, {status: 202}}, posts: 2, taken: 10, least: firstPause / 2},
		"much too late":      {replies: []reply{{status: 503, retry: "3600"}}, posts: 1, lost: 10},
		"refused":            {replies: []reply{{status: 400, body: "no"}}, posts: 1, lost: 10},
		"broken":             {replies: []reply{{status: 500}}, posts: 1, lost: 10},
		"elsewhere":          {replies: []reply{{status: 307}}, posts: 1, lost: 10},
		"some rejected":      {replies: []reply{{status: 200, body: `{"partialSuccess":{"rejectedSpans":"3","errorMessage":"x"}}`}}, posts: 1, taken: 7, rejected: 3},
	} {
		t.Run(name, func(t *testing.T) {
			r := receive(t, c.replies...)
			p, pauses := provide(t, r.URL, io.Discard)
			p.spans(10)
			if err := p.sdk.ForceFlush(t.Context()); err != nil {
				t.Fatal(err)
			}
			if n := int(r.posts.Load()); n != c.posts {
				t.Errorf("%d posts, want %d", n, c.posts)
			}
			if n := p.count(t, ""); n != c.taken || p.count(t, rejected) != c.rejected || p.count(t, failed) != c.lost {
				t.Errorf("%d taken, %d rejected, %d failed", n, p.count(t, rejected), p.count(t, failed))
			}
			if c.least > 0 && (*pauses)[0] < c.least {
				t.Errorf("it waits %v", *pauses)
			}
			p.Stop()
		})
	}
}

// TestBounds: a receiver that is always busy is given up within the batch's time.
func TestBounds(t *testing.T) {
	r := receive(t, reply{status: 503, retry: "1"})
	p, _ := provide(t, r.URL, io.Discard)
	p.spans(1)
	began := time.Now()
	if err := p.sdk.ForceFlush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(began); took > perBatch+perTry || p.count(t, failed) != 1 {
		t.Errorf("it took %v, %d failed", took, p.count(t, failed))
	}
	p.Stop()
}
