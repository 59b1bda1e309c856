package event

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// TestFullValidatorAgreesWithOracle changes every value of an event of every
// type, and compares all that the full validator finds with all that the oracle
// does.
func TestFullValidatorAgreesWithOracle(t *testing.T) {
	j := newJudge(t)
	for i, typ := range Types() {
		name := "tiendi/" + string(typ) + ".json"
		full := j.docs.compile([]string{name})
		if len(full.Problems) > 0 {
			t.Fatal(full.Problems)
		}
		fields := exampleEvent(t, j.Registry, typ)
		part := fields["properties"]
		if i == 0 {
			part = fields // the rest is the same for all
		}
		everyValue(part, func(replace func(any), remove func()) {
			compare := func() {
				raw := marshal(t, fields)
				value, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
				if err != nil {
					t.Fatal(err)
				}
				ours := found(rejections(full.Schemas[baseURL+name].Validate(value)))
				if theirs := found(j.refusalsOf(typ, value)); ours != theirs {
					t.Errorf("we find %s, the oracle %s, in\n%s", ours, theirs, raw)
				}
			}
			for _, strange := range strangeValues {
				if strange != `1e99999999` { // the oracle would write it out
					replace(json.RawMessage(strange))
					compare()
				}
			}
			remove()
			compare()
		})
	}
}

func (j judge) refusalsOf(typ Type, value any) []*Rejection {
	err := j.schemas[string(typ)].Validate(value)
	if err == nil {
		return nil
	}
	return oracleRejections(err.(*jsonschema.ValidationError))
}

// found lists reasons and pointers, in order.
func found(all []*Rejection) string {
	texts := make([]string, len(all))
	for i, r := range all {
		texts[i] = fmt.Sprint(r.Reason, " ", r.Pointer)
	}
	slices.Sort(texts)
	return strings.Join(texts, ", ")
}

func TestRegistryNotesSlipsOfTheKeys(t *testing.T) {
	r, err := NewRegistry(schemas(map[string]string{
		"a.json": `{` + webRef + `, "properties": {"properties": {"requried": ["code"], "x-note": 1}}}`,
	}), "events")
	if err != nil {
		t.Fatal(err)
	}
	const want = "events/a.json: /properties/properties/requried: JSON Schema has no such keyword and checks nothing by it; did you mean required?"
	if notes := r.Notes(); len(notes) != 1 || notes[0] != want {
		t.Errorf("got %q", notes)
	}
}

func TestProblemsOfPartsAreReportedInThem(t *testing.T) {
	_, err := NewRegistry(schemas(map[string]string{
		"a.json":      `{` + webRef + `, "properties": {"properties": {"$ref": "_parts.json#/$defs/a"}}}`,
		"b.json":      `{` + webRef + `, "properties": {"properties": {"$ref": "_parts.json#/$defs/a"}}}`,
		"_parts.json": `{"$defs": {"a": {"required": "code"}}}`,
	}), "events")
	const want = `events/_parts.json: /$defs/a/required: want a list of strings, got "code"`
	if err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
}
