package jsonschema

import "testing"

// BenchmarkValidate is ours and the oracle in the same run, on a valid value
// that takes most kinds of keywords.
func BenchmarkValidate(b *testing.B) {
	schema := decode(b, `{"type":"object","required":["id","items","total"],"properties":{
		"id":{"type":"string","pattern":"^[a-z0-9-]+$"},"total":{"type":"number","minimum":0,"multipleOf":0.01},
		"items":{"type":"array","uniqueItems":true,"items":{"$ref":"#/$defs/item"}}},
		"unevaluatedProperties":false,
		"$defs":{"item":{"oneOf":[{"properties":{"kind":{"const":"a"}},"required":["kind","n"]},
			{"properties":{"kind":{"enum":["b","c"]}},"required":["kind"]}],"propertyNames":{"maxLength":10}}}}`)
	value := decode(b, `{"id":"abc-12","total":19.99,"items":[{"kind":"a","n":1},{"kind":"b"},{"kind":"c","n":2.5}]}`)
	ours, _ := compileOurs(schema)
	theirs, err := compileOracle(schema)
	if err != nil || len(ours.Validate(value)) > 0 || theirs.Validate(value) != nil {
		b.Fatal("the value is not valid", err)
	}
	b.Run("ours", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			ours.Validate(value)
		}
	})
	b.Run("oracle", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_ = theirs.Validate(value)
		}
	})
}
