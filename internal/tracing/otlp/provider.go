package otlp

import (
	"context"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/attribute"
	sdkresource "go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/tiendi/tiendi/internal/tracing"
)

// Options say where spans go, and of whom they are.
type Options struct {
	URL      string            // of the signal, as Endpoint gives it
	Headers  map[string]string // of each post; they may be secret
	Sampler  sdk.Sampler
	Service  string // service.name, unless the environment has OTEL_SERVICE_NAME
	Version  string
	Instance string // of this process alone
	Log      *slog.Logger
}

// flushTime bounds what stopping waits for.
const flushTime = 3 * time.Second

// Provider makes spans and posts them, until it is stopped.
type Provider struct {
	exporter *exporter
	sdk      *sdk.TracerProvider
	end      context.CancelFunc
}

// New connects to nothing yet.
func New(o Options) *Provider {
	life, end := context.WithCancel(context.Background())
	transport := http.DefaultTransport.(*http.Transport).Clone() // with the environment's proxy
	e := &exporter{
		url: o.URL, headers: o.Headers, losses: newLosses(o.Log), closing: make(chan struct{}), stopped: make(chan struct{}), life: life, pause: time.After,
		client: &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse // the headers are for this receiver alone
		}},
	}
	return &Provider{exporter: e, end: end, sdk: sdk.NewTracerProvider(
		sdk.WithSpanProcessor(newGate(e)), sdk.WithSampler(o.Sampler), sdk.WithResource(o.resource()),
	)}
}

// resource is this process; what the environment says goes before.
func (o *Options) resource() *sdkresource.Resource {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	ours := sdkresource.NewSchemaless(
		attribute.String("service.name", o.Service), attribute.String("service.version", o.Version),
		attribute.String("service.instance.id", o.Instance),
		attribute.String("host.name", host), attribute.Int("process.pid", os.Getpid()),
		attribute.String("telemetry.sdk.name", "opentelemetry"), attribute.String("telemetry.sdk.language", "go"),
	)
	all, err := sdkresource.Merge(ours, sdkresource.Environment())
	if err != nil { // schemas that do not agree: ours has none
		return ours
	}
	return all
}

// Tracer makes the spans.
func (p *Provider) Tracer() trace.Tracer { return p.sdk.Tracer(tracing.Scope) }

// Stop posts what waits, for a short time and without trying twice.
func (p *Provider) Stop() {
	close(p.exporter.closing)
	ctx, cancel := context.WithTimeout(context.Background(), flushTime)
	defer cancel()
	_ = p.sdk.Shutdown(ctx) // what it does not come to is counted
	p.end()
	select {
	case <-p.exporter.stopped:
	case <-time.After(time.Second):
	}
	p.exporter.last()
}

// Describe implements prometheus.Collector.
func (p *Provider) Describe(into chan<- *prometheus.Desc) { prometheus.DescribeByCollect(p, into) }

// Collect implements prometheus.Collector.
func (p *Provider) Collect(into chan<- prometheus.Metric) {
	p.exporter.exported.Collect(into)
	p.exporter.dropped.Collect(into)
}
