package otlp

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/instrumentation"
	sdkresource "go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"
)

// contextOf is a sampled context with ids of that byte.
func contextOf(b byte, remote bool) trace.SpanContext {
	c := trace.SpanContextConfig{TraceFlags: trace.FlagsSampled, Remote: remote}
	copy(c.TraceID[:], bytes.Repeat([]byte{b}, 16))
	copy(c.SpanID[:], bytes.Repeat([]byte{b}, 8))
	return trace.NewSpanContext(c)
}

func stubs() []sdk.ReadOnlySpan {
	at := time.Date(2026, 11, 20, 12, 0, 0, 1, time.UTC)
	of := sdkresource.NewSchemaless(attribute.String("service.name", "tiendi-stream"), attribute.Int("process.pid", 7))
	scope := instrumentation.Scope{Name: "tiendi"}
	return tracetest.SpanStubs{
		{
			Name: "enrich analytics.raw", SpanKind: trace.SpanKindConsumer, SpanContext: contextOf(0xab, false),
			StartTime: at, EndTime: at.Add(time.Second), Resource: of, InstrumentationScope: scope,
			Attributes: []attribute.KeyValue{
				attribute.Int64("int", math.MaxInt64), attribute.Bool("yes", true), attribute.Float64("half", .5),
				attribute.Float64("infinite", math.Inf(-1)), attribute.String("text", "ä\xff\""), attribute.StringSlice("list", []string{"a", "b"}),
				attribute.Int64Slice("ints", nil), attribute.ByteSlice("bytes", []byte{1, 2}),
			},
			Events: []sdk.Event{{Name: "write", Time: at}},
			Links:  []sdk.Link{{SpanContext: contextOf(0xcd, true)}},
			Status: sdk.Status{Code: codes.Error, Description: errors.New("away").Error()}, DroppedLinks: 2,
		},
		{
			Name: "other", SpanKind: trace.SpanKindServer, SpanContext: contextOf(0xef, false), Parent: contextOf(1, true),
			StartTime: at, EndTime: at, Resource: of, InstrumentationScope: instrumentation.Scope{Name: "another", Version: "1"},
			Status: sdk.Status{Code: codes.Ok},
		},
		{Name: "plain", SpanKind: trace.SpanKindInternal, SpanContext: contextOf(2, false), StartTime: at, EndTime: at, Resource: of, InstrumentationScope: scope},
	}.Snapshots()
}

// TestEncode holds the JSON against a file, which UPDATE_GOLDEN=1 writes anew: look at
// it beside the specification.
func TestEncode(t *testing.T) {
	text, err := encode(stubs())
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	if err := json.Indent(&got, append(text, '\n'), "", "  "); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", "spans.json")
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Bytes(), want) {
		t.Errorf("got\n%s", got.Bytes())
	}
}
