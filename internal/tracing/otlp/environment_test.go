package otlp

import (
	"reflect"
	"strings"
	"testing"

	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

func environment(pairs ...string) Environment {
	return ReadEnvironment(func(name string) (string, bool) {
		for _, p := range pairs {
			if key, value, _ := strings.Cut(p, "="); key == "OTEL_"+name || "OTEL_"+key == name {
				return value, true
			}
		}
		return "", false
	})
}

func TestEndpoint(t *testing.T) {
	const base, own = "EXPORTER_OTLP_ENDPOINT", "EXPORTER_OTLP_TRACES_ENDPOINT"
	for _, c := range []struct {
		e    Environment
		want string // "!": an error
	}{
		{environment(), ""},
		{environment(base + "=http://a:4318"), "http://a:4318/v1/traces"},
		{environment(base + "=https://a/otlp/"), "https://a/otlp/v1/traces"},
		{environment(base+"=http://a:4318", own+"=http://b/x"), "http://b/x"},
		{environment(base + "=a:4317"), "!"},
		{environment(base+"=http://a:4317", "EXPORTER_OTLP_PROTOCOL=grpc"), "!"},
		{environment(base+"=http://a:4318", "EXPORTER_OTLP_PROTOCOL=grpc", "EXPORTER_OTLP_TRACES_PROTOCOL=http/protobuf"), "http://a:4318/v1/traces"},
		{environment(base+"=http://a:4318", "TRACES_EXPORTER=none"), ""},
	} {
		got, err := c.e.Endpoint()
		if err != nil {
			got = "!"
		}
		if got != c.want {
			t.Errorf("%+v: got %q, %v", c.e, got, err)
		}
	}
	if got, err := Endpoint("http://u:p@a:4318/v1/traces"); err != nil || got != "http://u:p@a:4318/v1/traces" {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestHeaders(t *testing.T) {
	got, err := environment("EXPORTER_OTLP_HEADERS=api-key=a%20b=, x=1,").Headers()
	if want := map[string]string{"api-key": "a b=", "x": "1"}; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, %v", got, err)
	}
	for _, text := range []string{"secret", "a=%zz", "a=b%0d%0a", "=secret"} {
		if _, err := environment("EXPORTER_OTLP_HEADERS=x=1," + text).Headers(); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: got %v", text, err)
		}
	}
}

// TestSampler: links to something sampled are followed whatever the ratio, unless
// nothing is to be sampled at all.
func TestSampler(t *testing.T) {
	linked := []trace.Link{{SpanContext: contextOf(1, true)}}
	for _, c := range []struct {
		name, arg     string
		plain, linked bool
	}{
		{"", "", true, true}, {"", "0", false, true}, {"parentbased_traceidratio", "0", false, true}, {"always_on", "0", true, true},
		{"always_off", "", false, false}, {"parentbased_always_off", "", false, true}, {"traceidratio", "0", false, true}, {"parentbased_always_on", "", true, true},
	} {
		s, err := Sampler(c.name, c.arg)
		if err != nil {
			t.Fatal(err)
		}
		for links, want := range map[*[]trace.Link]bool{{}: c.plain, &linked: c.linked} {
			p := sdk.SamplingParameters{ParentContext: t.Context(), TraceID: contextOf(0xff, false).TraceID(), Links: *links}
			if got := s.ShouldSample(p).Decision == sdk.RecordAndSample; got != want {
				t.Errorf("%s %s with %d links: %v", c.name, c.arg, len(*links), got)
			}
		}
	}
	for _, c := range [][2]string{{"", "2"}, {"", "-1"}, {"", "NaN"}, {"", "x"}, {"sometimes", ""}} {
		if _, err := Sampler(c[0], c[1]); err == nil {
			t.Errorf("%q is taken", c)
		}
	}
}
