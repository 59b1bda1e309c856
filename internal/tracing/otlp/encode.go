package otlp

import (
	"encoding/json"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// encode writes spans of one provider, which have one resource, by their scopes.
func encode(spans []sdk.ReadOnlySpan) ([]byte, error) {
	r := resourceSpans{SchemaURL: spans[0].Resource().SchemaURL()}
	r.Resource.Attributes = keyValues(spans[0].Resource().Attributes())
	at := map[scope]int{}
	for _, s := range spans {
		in := scope{s.InstrumentationScope().Name, s.InstrumentationScope().Version}
		i, known := at[in]
		if !known {
			i = len(r.ScopeSpans)
			at[in], r.ScopeSpans = i, append(r.ScopeSpans, scopeSpans{Scope: in})
		}
		r.ScopeSpans[i].Spans = append(r.ScopeSpans[i].Spans, spanOf(s))
	}
	return json.Marshal(request{[]resourceSpans{r}})
}

func spanOf(s sdk.ReadOnlySpan) span {
	out := span{
		TraceID: s.SpanContext().TraceID().String(), SpanID: s.SpanContext().SpanID().String(),
		TraceState: s.SpanContext().TraceState().String(), Flags: flagsOf(s.SpanContext().TraceFlags(), s.Parent().IsRemote()),
		Name: s.Name(), Kind: int(s.SpanKind()), // both count from internal, 1
		StartTimeUnixNano: long64(s.StartTime().UnixNano()), EndTimeUnixNano: long64(s.EndTime().UnixNano()),
		Attributes: keyValues(s.Attributes()), DroppedAttributes: s.DroppedAttributes(),
		DroppedEvents: s.DroppedEvents(), DroppedLinks: s.DroppedLinks(),
		Status: statusOf(s.Status()),
	}
	if s.Parent().HasSpanID() {
		out.ParentSpanID = s.Parent().SpanID().String()
	}
	for _, e := range s.Events() {
		out.Events = append(out.Events, event{
			TimeUnixNano: long64(e.Time.UnixNano()), Name: e.Name,
			Attributes: keyValues(e.Attributes), DroppedAttributes: e.DroppedAttributeCount,
		})
	}
	for _, l := range s.Links() {
		out.Links = append(out.Links, link{
			TraceID: l.SpanContext.TraceID().String(), SpanID: l.SpanContext.SpanID().String(),
			TraceState: l.SpanContext.TraceState().String(), Flags: flagsOf(l.SpanContext.TraceFlags(), l.SpanContext.IsRemote()),
			Attributes: keyValues(l.Attributes), DroppedAttributes: l.DroppedAttributeCount,
		})
	}
	return out
}

// flagsOf are W3C's flags in the lowest 8 bits; bit 8 says that bit 9 is known, which
// says that the parent, or the linked span, is another process's.
func flagsOf(flags trace.TraceFlags, remote bool) uint32 {
	out := uint32(flags) | 1<<8
	if remote {
		out |= 1 << 9
	}
	return out
}

// statusOf turns the SDK's codes into OTLP's, which number ok and error the other way.
func statusOf(s sdk.Status) status {
	switch s.Code {
	case codes.Ok:
		return status{Code: 1}
	case codes.Error:
		return status{Message: s.Description, Code: 2}
	}
	return status{}
}

func keyValues(attributes []attribute.KeyValue) []keyValue {
	out := make([]keyValue, len(attributes))
	for i, a := range attributes {
		out[i] = keyValue{string(a.Key), valueOf(a.Value)}
	}
	return out
}

func valueOf(v attribute.Value) value {
	switch v.Type() {
	case attribute.BOOL:
		return value{Bool: new(v.AsBool())}
	case attribute.INT64:
		return value{Int: new(long64(v.AsInt64()))}
	case attribute.FLOAT64:
		return value{Double: new(double(v.AsFloat64()))}
	case attribute.STRINGSLICE:
		return arrayOf(v.AsStringSlice(), attribute.StringValue)
	case attribute.INT64SLICE:
		return arrayOf(v.AsInt64Slice(), attribute.Int64Value)
	case attribute.FLOAT64SLICE:
		return arrayOf(v.AsFloat64Slice(), attribute.Float64Value)
	case attribute.BOOLSLICE:
		return arrayOf(v.AsBoolSlice(), attribute.BoolValue)
	case attribute.BYTESLICE:
		return value{Bytes: v.AsByteSlice()}
	case attribute.EMPTY:
		return value{}
	}
	return value{String: new(v.String())}
}

func arrayOf[T any](list []T, one func(T) attribute.Value) value {
	out := array{Values: make([]value, len(list))}
	for i, v := range list {
		out.Values[i] = valueOf(one(v))
	}
	return value{Array: &out}
}
