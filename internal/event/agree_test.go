package event

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// judge holds events against the JSON Schemas by the oracle: what the
// fast path must agree with.
type judge struct {
	*Registry
	schemas map[string]*jsonschema.Schema
}

func newJudge(t testing.TB) judge {
	t.Helper()
	j := judge{builtin(t), map[string]*jsonschema.Schema{}}
	full, err := j.docs.oracle()
	if err != nil {
		t.Fatal(err)
	}
	for _, typ := range Types() {
		if j.schemas[string(typ)], err = full.Compile(baseURL + "tiendi/" + string(typ) + ".json"); err != nil {
			t.Fatal(err)
		}
	}
	return j
}

// refusals are all rejections that the schema gives, none for a valid event.
// Texts beyond the bounds are refused before any schema is asked.
func (j judge) refusals(raw []byte) []*Rejection {
	w := walker{}
	if r := w.begin(raw); r != nil {
		return []*Rejection{r}
	}
	if !w.event(anything) {
		return []*Rejection{w.rejection}
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		return []*Rejection{{Reason: MalformedJSON}}
	}
	fields, _ := value.(map[string]any)
	name, isText := fields["event_type"].(string)
	schema := j.schemas[name]
	if schema == nil && isText && name != "" && utf8.RuneCountInString(name) <= 64 {
		return []*Rejection{{Reason: UnknownType, Pointer: "/event_type"}}
	}
	if schema == nil {
		schema = j.schemas["page_view"] // any: event_type itself is wrong
	}
	if err := schema.Validate(value); err != nil {
		return oracleRejections(err.(*jsonschema.ValidationError))
	}
	return nil
}

// agree compares the verdicts, and where both refuse, the fast path's reason
// and pointer with all those that the schema gives.
func (j judge) agree(t testing.TB, raw []byte) {
	t.Helper()
	_, fast := j.Parse(raw, newestTime)
	slow := j.refusals(raw)
	if (fast == nil) != (len(slow) == 0) {
		t.Fatalf("the fast path says %v, the schema %v, of\n%.2000s", fast, slow, raw)
	}
	// What is wrong first in an event of an unknown type may be something else.
	if fast == nil || !fast.Reason.bySchema() || !slow[0].Reason.bySchema() || slow[0].Reason == UnknownType {
		return
	}
	if !slices.ContainsFunc(slow, func(r *Rejection) bool { return r.Pointer == fast.Pointer && r.Reason == fast.Reason }) {
		t.Errorf("the fast path says %v, the schema only %v, of\n%.2000s", fast, slow, raw)
	}
}

// exampleEvent is a valid event of the type, with all that its schema knows.
func exampleEvent(t testing.TB, r *Registry, typ Type) map[string]any {
	t.Helper()
	var properties map[string]any
	examples := r.types[string(typ)].node.at("properties").examples
	if len(examples) == 0 {
		t.Fatalf("the schema of %s has no example", typ)
	}
	decoder := json.NewDecoder(strings.NewReader(examples[0]))
	decoder.UseNumber()
	if err := decoder.Decode(&properties); err != nil {
		t.Fatal(err)
	}
	ev := sample()
	ev.Type, ev.Properties = typ, nil
	var fields map[string]any
	if err := json.Unmarshal(AppendJSON(nil, &ev), &fields); err != nil {
		t.Fatal(err)
	}
	fields["properties"], fields["sent_at"] = properties, "2026-08-25T10:11:13.5Z"
	return fields
}

func marshal(t testing.TB, value any) []byte {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// strangeValues are put in the place of every value in turn.
var strangeValues = []string{
	`null`, `true`, `false`, `0`, `-0`, `-0.0`, `1`, `-1`, `1.0`, `1.50`, `100.000`, `1e2`, `15e-1`, `-1e-3`, `0.1e1`,
	`599`, `599.5`, `600`, `2147483647`, `2147483648`, `9999999999999999`, `9999999999999999.01`, `10000000000000000`,
	`18446744073709551615`, `18446744073709551616`, `-9223372036854775808`, `-9223372036854775809`, `1e400`, `1e-400`, `1e99999999`,
	`""`, `" "`, `"x"`, `"mobile"`, `"Mobile"`, `"page_view"`, `"payment_failed"`, `"12"`,
	`"00000000-0000-0000-0000-000000000000"`, `"D22B2662-23D9-53C3-A35A-9D7FB286FA2F"`, `"d22b2662-23d9-53c3-a35a-9d7fb286fa2"`,
	`"d22b2662-23d9-53c3-a35a-9d7fb286fa2g"`, `"d22b2662-23d9-53c3-a35a-9d7fb286fa2\u0066"`,
	`"2026-02-29T00:00:00Z"`, `"2024-02-29T00:00:00Z"`, `"2026-08-25 10:11:12.345+05:30"`, `"2026-08-25T10:11:12"`, `"2026-08-25"`,
	`"1970-01-01T23:59:59Z"`, `"1970-01-02T00:00:00Z"`, `"2149-06-06T00:00:00Z"`, `"2026-08-25t10:11:12.z"`, `"2026-08-25T10:11:60Z"`,
	`"\ud83d\ude00"`, `"\ud83d"`, `"a\u0000b"`, `[]`, `{}`, `[1]`, `[{}]`, `[null]`, `{"a":{"b":[1,{"c":"d"}]}}`,
	`"` + strings.Repeat("ñ", 64) + `"`, `"` + strings.Repeat("ñ", 1024) + `"`, `"` + strings.Repeat("x", 1025) + `"`,
	`"` + strings.Repeat("x", 9000) + `"`,
}

// TestFastPathAgreesWithSchemas changes, leaves out and doubles every value of
// an event of every type.
func TestFastPathAgreesWithSchemas(t *testing.T) {
	j := newJudge(t)
	cases := 0
	for _, typ := range Types() {
		fields := exampleEvent(t, j.Registry, typ)
		whole := marshal(t, fields)
		if _, rejection := j.Parse(whole, newestTime); rejection != nil {
			t.Errorf("the example of %s: %v", typ, rejection)
		}
		everyValue(fields, func(replace func(any), remove func()) {
			for _, strange := range strangeValues {
				replace(json.RawMessage(strange))
				j.agree(t, marshal(t, fields))
				cases++
			}
			remove()
			j.agree(t, marshal(t, fields))
		})
		for i := range whole {
			j.agree(t, whole[:i])
			j.agree(t, append(append(slices.Clone(whole[:i]), whole[i:]...), whole[i]))
		}
	}
	if cases < 10_000 {
		t.Errorf("only %d cases: the examples have lost their values", cases)
	}
}

// everyValue calls do for each value below fields, and puts it back after.
func everyValue(value any, do func(replace func(any), remove func())) {
	switch v := value.(type) {
	case map[string]any:
		for key, old := range v {
			do(func(x any) { v[key] = x }, func() { delete(v, key) })
			v[key] = old
			everyValue(old, do)
		}
	case []any:
		for i, old := range v {
			do(func(x any) { v[i] = x }, func() { v[i] = map[string]any{} })
			v[i] = old
			everyValue(old, do)
		}
	}
}

func FuzzFastPathAgreesWithSchemas(f *testing.F) {
	j := newJudge(f)
	for _, typ := range Types() {
		f.Add(marshal(f, exampleEvent(f, j.Registry, typ)))
	}
	for i, strange := range strangeValues {
		typ := Types()[i%len(Types())]
		f.Add(fmt.Appendf(nil, `{"properties":{"event_type":"page_view","store_id":%s},"event_type":%q,"timestamp":"2026-01-01T00:00:00Z"}`, strange, typ))
	}
	f.Add([]byte(`{"sent_at":"1970-01-02T00:00:00Z","event_type":"health_probe","timestamp":"2149-06-05T00:00:00Z","sent_at":null,"properties":{"target":"a","status":200,"duration_ms":1}}`))
	f.Add([]byte(`{"event\u005ftype":"health_probe","timestamp":"2026-01-01T00:00:00Z","properties":{"target":"a","status":200,"duration_ms":1.5}}`))
	probe := func(properties string) []byte {
		return []byte(`{"event_type":"health_probe","timestamp":"2026-01-01T00:00:00Z","properties":` + properties + `}`)
	}
	for _, properties := range []string{
		strings.Repeat(`{"a":`, 40) + "1" + strings.Repeat("}", 40), `{"target":"a","t\u0061rget":"b"}`, `{"target":NaN}`, "{\"target\":\"\x00\"}", "{\"\xed\xa0\x80\":1}",
		`{"' OR 1=1; --":"'; DROP TABLE events_raw; --"}`,
	} {
		f.Add(probe(properties))
	}
	f.Fuzz(func(t *testing.T, raw []byte) { j.agree(t, raw) })
}
