package jsonschema

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
)

// random makes schemas and values that have something to do with one another:
// few keys, few numbers, few texts, so that keywords meet.
type random struct {
	*rand.Rand
	spoils int // one in so many keywords has a value that may not fit it, 0 for none
}

func pick[T any](r random, from ...T) T { return from[r.IntN(len(from))] }

func (r random) key() string { return pick(r, "a", "b", "c", "ab", "a/b", "x~y", "") }

func (r random) numeral() json.Number {
	return pick[json.Number](r, "0", "-0.0", "1", "1.0", "10e-1", "2", "3", "-1", "1.5", "0.1", "0.3", "1e2", "100", "9007199254740993",
		"9007199254740992", "0.30000000000000004", "-2.50", "1e-7", "12e1", "5e20")
}

func (r random) word() string {
	return pick(r, "", "a", "ab", "abc", "ñ", "日本語", "a1", "12", "2026-02-29", "2024-02-29", "10:11:12Z", "23:59:60Z", "22:59:60-01:00",
		"a@b.c", "@", "https://a.b/c?d", "/a/b", "a b", "::1", "1.2.3.4", "01.2.3.4", "P1D", "PT", "P1Y2D", "(", "a~", "/~0~1", "0#", "-a.b", "a.b.",
		"http://[::1", "http://::1/", "\x00", "10:11:12+05:30", "10:11:12.", "P1W", "1.2.3", "a..b@c", `"a b"@[1.2.3.4]`)
}

func (r random) value(depth int) any {
	kinds := 8
	if depth <= 0 {
		kinds = 5
	}
	switch r.IntN(kinds) {
	case 0:
		return nil
	case 1:
		return r.IntN(2) == 0
	case 2:
		return r.numeral()
	case 3, 4:
		return r.word()
	case 5:
		list := make([]any, r.IntN(4))
		for i := range list {
			list[i] = r.value(depth - 1)
		}
		return list
	}
	object := map[string]any{}
	for range r.IntN(4) {
		object[r.key()] = r.value(depth - 1)
	}
	return object
}

func (r random) count() json.Number { return pick[json.Number](r, "0", "1", "2", "3", "2.0", "1e1") }

func (r random) keys() []any {
	list := []any{}
	for _, key := range []string{"a", "b", "ab"} {
		if r.IntN(3) == 0 {
			list = append(list, key)
		}
	}
	return list
}

func (r random) ref() string {
	return pick(r, "#/$defs/d0", "#/$defs/d1", "#/$defs/d2", "#name", "#", "x.json#/$defs/d0", "#/$defs/d%30", testURL+"#name")
}

func (r random) typeName() any {
	return pick(r, "null", "boolean", "object", "array", "number", "string", "integer")
}

func (r random) formatName() string {
	return pick(r, "date", "time", "email", "hostname", "ipv4", "ipv6", "uri", "uri-reference", "regex", "json-pointer",
		"relative-json-pointer", "duration", "iri", "unheard-of")
}

func (r random) pattern() string { return pick(r, "^a", "b$", "^.$", "[0-9]", "", "ñ", "^ab?$") }

func (r random) schemas(depth int) []any {
	list := make([]any, 1+r.IntN(3))
	for i := range list {
		list[i] = r.schema(depth)
	}
	return list
}

func (r random) named(depth int, key func() string) map[string]any {
	object := map[string]any{}
	for range r.IntN(4) {
		object[key()] = r.schema(depth)
	}
	return object
}

// schema is true, false, or an object of some keywords.
func (r random) schema(depth int) any {
	if depth <= 0 || r.IntN(8) == 0 {
		return pick[any](r, true, false, map[string]any{}, map[string]any{"type": r.typeName()}, map[string]any{"const": r.value(1)})
	}
	s := map[string]any{}
	for range 1 + r.IntN(4) {
		name := pick(r, keywordNames...)
		s[name] = r.keyword(name, depth-1)
	}
	return s
}

var keywordNames = []string{
	"$ref", "allOf", "anyOf", "oneOf", "not", "if", "then", "else", "properties", "properties", "patternProperties",
	"additionalProperties", "propertyNames", "unevaluatedProperties", "unevaluatedProperties", "dependentSchemas", "dependencies",
	"prefixItems", "items", "contains", "minContains", "maxContains", "unevaluatedItems", "unevaluatedItems", "type", "type", "const", "enum",
	"minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "pattern", "format",
	"minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties", "required", "dependentRequired",
	"x-note", "title", "deprecated", "examples", "contentSchema", "definitions",
}

func (r random) keyword(name string, depth int) any {
	if r.spoils > 0 && r.IntN(r.spoils) == 0 {
		return pick(r, r.value(1), any(r.keys()), any([]any{}), any([]any{"a", "a"}), any(r.schemas(1)))
	}
	switch name {
	case "$ref":
		return r.ref()
	case "allOf", "anyOf", "oneOf", "prefixItems":
		return r.schemas(depth)
	case "properties", "dependentSchemas", "definitions":
		return r.named(depth, r.key)
	case "dependencies":
		return map[string]any{"a": r.schema(depth), "b": r.keys()}
	case "patternProperties":
		return r.named(depth, r.pattern)
	case "type":
		return pick(r, r.typeName(), any([]any{"string", "integer"}), any([]any{"object", "null", "number"}))
	case "const":
		return r.value(2)
	case "enum":
		return []any{r.value(2), r.value(1), r.word(), r.numeral()}
	case "minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum":
		return r.numeral()
	case "multipleOf":
		return pick[json.Number](r, "1", "2", "0.1", "1.5", "1e-7", "3e1", "0.7")
	case "pattern":
		return r.pattern()
	case "format":
		return r.formatName()
	case "examples":
		return []any{r.value(1)}
	case "uniqueItems", "deprecated":
		return r.IntN(4) > 0
	case "required":
		return r.keys()
	case "dependentRequired":
		return map[string]any{r.key(): r.keys()}
	case "x-note", "title":
		return "text"
	case "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "minContains", "maxContains":
		return r.count()
	}
	return r.schema(depth)
}

// document is a schema with definitions that it and they may refer to.
func (r random) document() map[string]any {
	s, _ := r.schema(4).(map[string]any)
	if s == nil {
		s = map[string]any{"items": r.schema(2)}
	}
	defs := map[string]any{"named": map[string]any{"$anchor": "name", "properties": r.named(2, r.key)}}
	for i := range 3 {
		defs[fmt.Sprintf("d%d", i)] = r.schema(3)
	}
	s["$defs"] = defs
	return s
}
