package otlp

import (
	"fmt"
	"strconv"

	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// linked samples what continues something that is sampled: a batch is worth a span
// when anything in it is. The others are left to root.
type linked struct{ root sdk.Sampler }

// ShouldSample implements sdk.Sampler.
func (s linked) ShouldSample(p sdk.SamplingParameters) sdk.SamplingResult {
	for _, l := range p.Links {
		if l.SpanContext.IsSampled() {
			return sdk.SamplingResult{Decision: sdk.RecordAndSample, Tracestate: trace.SpanContextFromContext(p.ParentContext).TraceState()}
		}
	}
	return s.root.ShouldSample(p)
}

// Description implements sdk.Sampler.
func (s linked) Description() string { return "Linked{" + s.root.Description() + "}" }

// Sampler is that of a name and argument, by the specification's
// OTEL_TRACES_SAMPLER and OTEL_TRACES_SAMPLER_ARG. Without a name it is
// parentbased_traceidratio, without an argument everything is sampled.
func Sampler(name, arg string) (sdk.Sampler, error) {
	ratio := 1.0
	if arg != "" {
		var err error
		if ratio, err = strconv.ParseFloat(arg, 64); err != nil || !(ratio >= 0 && ratio <= 1) {
			return nil, fmt.Errorf("the sampling ratio %q is none: give a number from 0 to 1", arg)
		}
	}
	always, never, some := linked{sdk.AlwaysSample()}, linked{sdk.NeverSample()}, linked{sdk.TraceIDRatioBased(ratio)}
	switch name {
	case "always_on":
		return always, nil
	case "always_off":
		return sdk.NeverSample(), nil
	case "traceidratio":
		return some, nil
	case "parentbased_always_on":
		return sdk.ParentBased(always), nil
	case "parentbased_always_off":
		return sdk.ParentBased(never), nil
	case "", "parentbased_traceidratio":
		return sdk.ParentBased(some), nil
	}
	return nil, fmt.Errorf("OTEL_TRACES_SAMPLER %q is not known: use always_on, always_off, traceidratio, or parentbased_ and one of these", name)
}
