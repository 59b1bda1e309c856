package main

import (
	"cmp"
	"fmt"
	"net/url"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/spf13/pflag"

	"github.com/tiendi/tiendi/internal/profile"
	"github.com/tiendi/tiendi/internal/tracing"
	"github.com/tiendi/tiendi/internal/tracing/otlp"
)

// noTraces is what --traces says to have none although the target has.
const noTraces = "off"

func addTracesFlag(flags *pflag.FlagSet, to *string) {
	flags.StringVar(to, "traces", "", "URL of an OpenTelemetry receiver, OTLP over HTTP, to send traces to, as http://localhost:4318; off for none (default: the target's traces.url, or OTEL_EXPORTER_OTLP_ENDPOINT)")
}

// traces are where a server's spans go. Without a tracer nothing is open.
type traces struct {
	tracer   *tracing.Tracer // nil for none
	to       string          // host of the receiver
	provider *otlp.Provider
}

// startTraces opens what spans are sent by, where there is an address for them.
func (a *App) startTraces(flag, service string, s profile.Settings) (*traces, error) {
	standard := otlp.ReadEnvironment(a.LookupEnv)
	address, err := a.tracesAddress(cmp.Or(flag, s.Traces.URL.Reveal()), standard)
	if err != nil || address == "" {
		return &traces{}, err
	}
	headers, err := standard.Headers()
	if err != nil {
		return nil, err
	}
	sampler, err := otlp.Sampler(standard.Sampler, cmp.Or(s.Traces.Ratio, standard.SamplerArg))
	if err != nil {
		return nil, err
	}
	p := otlp.New(otlp.Options{
		URL: address, Headers: headers, Sampler: sampler, Service: service, Version: version, Instance: uuid.NewString(), Log: a.Log,
	})
	return &traces{provider: p, to: hostOf(address), tracer: &tracing.Tracer{Tracer: p.Tracer(), System: messagingSystem(s.Broker.Type)}}, nil
}

// tracesAddress is the one given, or that of OpenTelemetry's standard variables. What
// is wrong with these is no reason to stop: they may have been meant for others.
func (a *App) tracesAddress(given string, standard otlp.Environment) (string, error) {
	switch {
	case given == noTraces || standard.Disabled:
		return "", nil
	case given != "":
		return otlp.Endpoint(given)
	}
	address, err := standard.Endpoint()
	if err != nil {
		a.warn(fmt.Sprintf("there are no traces: %v", err))
		return "", nil
	}
	return address, nil
}

// messagingSystem is the broker as OpenTelemetry's messaging.system.
func messagingSystem(broker string) string {
	if broker == profile.RabbitMQ {
		return "rabbitmq"
	}
	return "nats"
}

// hostOf is what of an address may be told: the rest may be secret.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

// said is what people are told of it.
func (t *traces) said() []any {
	if t.tracer == nil {
		return nil
	}
	return []any{"traces", t.to}
}

// metrics are what is counted of it.
func (t *traces) metrics() []prometheus.Collector {
	if t.tracer == nil {
		return nil
	}
	return []prometheus.Collector{t.provider}
}

// stop sends what is left.
func (t *traces) stop() {
	if t.tracer != nil {
		t.provider.Stop()
	}
}
