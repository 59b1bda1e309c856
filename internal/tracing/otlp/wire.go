package otlp

import (
	"encoding/json"
	"math"
	"strconv"
)

// The types are opentelemetry/proto/{collector/trace,trace,common,resource}/v1 in
// protobuf's JSON, as OTLP has it: ids in hexadecimal, 64-bit numbers as text, enums
// as numbers, keys in lowerCamelCase. Absent fields stand for protobuf's zero values.

type request struct {
	ResourceSpans []resourceSpans `json:"resourceSpans"`
}

type resourceSpans struct {
	Resource   resource     `json:"resource"`
	ScopeSpans []scopeSpans `json:"scopeSpans"`
	SchemaURL  string       `json:"schemaUrl,omitempty"`
}

type resource struct {
	Attributes []keyValue `json:"attributes"`
}

type scopeSpans struct {
	Scope scope  `json:"scope"`
	Spans []span `json:"spans"`
}

type scope struct {
	Name    string `json:"name"`
	Version string `json:"version,omitempty"`
}

type span struct {
	TraceID           string     `json:"traceId"`
	SpanID            string     `json:"spanId"`
	TraceState        string     `json:"traceState,omitempty"`
	ParentSpanID      string     `json:"parentSpanId,omitempty"`
	Flags             uint32     `json:"flags,omitempty"` // see flagsOf
	Name              string     `json:"name"`
	Kind              int        `json:"kind"` // 1 internal, 2 server, 3 client, 4 producer, 5 consumer
	StartTimeUnixNano long64     `json:"startTimeUnixNano"`
	EndTimeUnixNano   long64     `json:"endTimeUnixNano"`
	Attributes        []keyValue `json:"attributes,omitempty"`
	DroppedAttributes int        `json:"droppedAttributesCount,omitempty"`
	Events            []event    `json:"events,omitempty"`
	DroppedEvents     int        `json:"droppedEventsCount,omitempty"`
	Links             []link     `json:"links,omitempty"`
	DroppedLinks      int        `json:"droppedLinksCount,omitempty"`
	Status            status     `json:"status"`
}

type event struct {
	TimeUnixNano      long64     `json:"timeUnixNano"`
	Name              string     `json:"name"`
	Attributes        []keyValue `json:"attributes,omitempty"`
	DroppedAttributes int        `json:"droppedAttributesCount,omitempty"`
}

type link struct {
	TraceID           string     `json:"traceId"`
	SpanID            string     `json:"spanId"`
	TraceState        string     `json:"traceState,omitempty"`
	Flags             uint32     `json:"flags,omitempty"`
	Attributes        []keyValue `json:"attributes,omitempty"`
	DroppedAttributes int        `json:"droppedAttributesCount,omitempty"`
}

type status struct {
	Message string `json:"message,omitempty"`
	Code    int    `json:"code,omitempty"` // 0 unset, 1 ok, 2 error
}

type keyValue struct {
	Key   string `json:"key"`
	Value value  `json:"value"`
}

// value has one of its fields; none of them for an empty value.
type value struct {
	String *string `json:"stringValue,omitempty"`
	Bool   *bool   `json:"boolValue,omitempty"`
	Int    *long64 `json:"intValue,omitempty"`
	Double *double `json:"doubleValue,omitempty"`
	Array  *array  `json:"arrayValue,omitempty"`
	Bytes  []byte  `json:"bytesValue,omitempty"` // in base64
}

type array struct {
	Values []value `json:"values"`
}

// long64 is a 64-bit number, which JSON's numbers cannot hold everywhere.
type long64 int64

// MarshalJSON implements json.Marshaler.
func (n long64) MarshalJSON() ([]byte, error) {
	return append(strconv.AppendInt([]byte{'"'}, int64(n), 10), '"'), nil
}

// double is a number, or one of the three that JSON has none for.
type double float64

// MarshalJSON implements json.Marshaler.
func (d double) MarshalJSON() ([]byte, error) {
	switch f := float64(d); {
	case math.IsNaN(f):
		return []byte(`"NaN"`), nil
	case math.IsInf(f, 1):
		return []byte(`"Infinity"`), nil
	case math.IsInf(f, -1):
		return []byte(`"-Infinity"`), nil
	}
	return json.Marshal(float64(d))
}
