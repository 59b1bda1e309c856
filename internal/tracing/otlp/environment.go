package otlp

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// path is what a receiver's address is followed by, for traces.
const path = "/v1/traces"

// Environment is what OpenTelemetry's standard variables say
// (https://opentelemetry.io/docs/specs/otel/protocol/exporter/).
type Environment struct {
	Sampler, SamplerArg string
	Disabled            bool // by OTEL_SDK_DISABLED

	base, url, headers, protocol string
}

// ReadEnvironment reads them. OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES, OTEL_BSP_…
// and OTEL_SPAN_… are the SDK's, which reads them itself.
func ReadEnvironment(lookup func(string) (string, bool)) Environment {
	get := func(name string) string {
		text, _ := lookup(name)
		return strings.TrimSpace(text)
	}
	// What is said of traces goes before what is said of all signals.
	signal := func(name string) string {
		return cmp.Or(get("OTEL_EXPORTER_OTLP_TRACES_"+name), get("OTEL_EXPORTER_OTLP_"+name))
	}
	e := Environment{
		Sampler: get("OTEL_TRACES_SAMPLER"), SamplerArg: get("OTEL_TRACES_SAMPLER_ARG"),
		Disabled: strings.EqualFold(get("OTEL_SDK_DISABLED"), "true"),
		headers:  signal("HEADERS"), protocol: signal("PROTOCOL"),
	}
	if get("OTEL_TRACES_EXPORTER") != "none" {
		e.base, e.url = get("OTEL_EXPORTER_OTLP_ENDPOINT"), get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
	}
	return e
}

// Endpoint is the address that traces are posted to, "" where the variables name none.
func (e Environment) Endpoint() (string, error) {
	given := cmp.Or(e.url, e.base)
	switch {
	case given == "":
		return "", nil
	case e.protocol == "grpc":
		return "", errors.New("OTEL_EXPORTER_OTLP_PROTOCOL is grpc, and traces are sent over HTTP; give the receiver's HTTP address, mostly of port 4318, by --traces")
	}
	whole, err := Endpoint(given)
	if err == nil && e.url != "" {
		return e.url, nil // the signal's own is taken as it is
	}
	return whole, err
}

// Endpoint is the address that traces are posted to, of a receiver's base address as
// http://localhost:4318. One that ends in /v1/traces is that already.
func Endpoint(text string) (string, error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return "", errors.New("the address for traces must be a URL such as http://localhost:4318, of a receiver of OTLP over HTTP")
	}
	if u.Path = strings.TrimRight(u.Path, "/"); !strings.HasSuffix(u.Path, path) {
		u.Path += path
	}
	return u.String(), nil
}

// Headers are those of each post: name=value,…, the values escaped as in URLs. What is
// wrong is named without what it holds: mostly a secret.
func (e Environment) Headers() (map[string]string, error) {
	headers := map[string]string{}
	for i, pair := range strings.Split(e.headers, ",") {
		if strings.TrimSpace(pair) == "" {
			continue
		}
		name, escaped, ok := strings.Cut(pair, "=")
		value, err := url.PathUnescape(strings.TrimSpace(escaped))
		if name = strings.TrimSpace(name); !ok || name == "" || err != nil || strings.ContainsAny(name+value, "\r\n") {
			return nil, fmt.Errorf("OTEL_EXPORTER_OTLP_HEADERS: header %d is not name=value", i+1)
		}
		headers[name] = value
	}
	return headers, nil
}
