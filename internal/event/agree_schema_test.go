package event

import (
	"bytes"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// FuzzNodesAgreeWithSchemas holds any schema that the fast path claims to know
// against the full validator, on any value.
func FuzzNodesAgreeWithSchemas(f *testing.F) {
	for _, seed := range [][2]string{
		{`{"type":"integer","minimum":1,"exclusiveMaximum":2.5}`, `2`},
		{`{"type":["number","null"],"maximum":-0.5}`, `-0.50`},
		{`{"enum":["a","b",null],"type":"string"}`, `"b"`},
		{`{"const":"a"}`, `"\u0061"`},
		{`{"not":{"const":"a"},"minLength":2,"maxLength":3}`, `"ñandú"`},
		{`{"properties":{"a":{"type":"string"}},"required":["a","b"],"additionalProperties":false}`, `{"a":"x","c":1}`},
		{`{"allOf":[{"properties":{"a":true},"additionalProperties":false},{"properties":{"b":{}},"required":["b"]}]}`, `{"b":1}`},
		{`{"type":"array","items":{"format":"uuid"},"minItems":1,"maxItems":2}`, `["00000000-0000-0000-0000-000000000000"]`},
		{`{"$ref":"#/$defs/v","type":"string","$defs":{"v":{"format":"date-time"}}}`, `"2026-01-01T00:00:00Z"`},
		{`{"properties":{"a":{"$ref":"#/properties/v"}}}`, `{"a":{"a":1}}`},
		{`{"required":["a","a"],"properties":{"a":false}}`, `{"a":1}`},
		{`{"type":"object","title":5,"x-note":{"type":3}}`, `{}`},
	} {
		f.Add([]byte(seed[0]), []byte(seed[1]))
	}
	f.Fuzz(func(t *testing.T, schema, value []byte) {
		schema = append(append([]byte(`{"properties":{"v":`), schema...), "}}"...)
		doc, err := readDocument(schema)
		if err != nil {
			return
		}
		docs := documents{"x.json": doc}
		full, err := docs.oracle()
		if err != nil {
			return
		}
		slow, err := full.Compile(baseURL + "x.json")
		if err != nil {
			return
		}
		c := compiler{docs: docs}
		n := c.schema(doc, "x.json", "")
		if !n.settle() || len(c.foreign) > 0 {
			return
		}
		raw := append(append([]byte(`{"v":`), value...), '}')
		var bounds, fast walker
		if bounds.begin(raw) != nil || !bounds.event(anything) {
			return
		}
		decoded, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
		if err != nil {
			t.Fatalf("the scanner takes %q for JSON: %v", raw, err)
		}
		fast.begin(raw)
		if valid, err := fast.event(n), slow.Validate(decoded); valid != (err == nil) {
			t.Errorf("the fast path says %v, the validator %v,\nof %s\nby %s", fast.rejection, err, raw, schema)
		}
	})
}
