package jsonschema

import (
	"fmt"
	"strings"
	"testing"
)

func mustCompile(t testing.TB, text string) *Schema {
	t.Helper()
	s, problems := compileOurs(decode(t, text))
	if len(problems) > 0 {
		t.Fatalf("%+v in %s", problems, text)
	}
	return s
}

func TestViolationsSayWhereAndWhat(t *testing.T) {
	for _, c := range []struct{ schema, value, want string }{
		{`{"type":["string","null"]}`, `1.5`, "3 [] want string or null, got number"},
		{`{"required":["a"]}`, `{}`, "1 [a] required, and not there"},
		{`{"additionalProperties":false}`, `{"a/b":1}`, "2 [a/b] the schema has no such key"},
		{`{"properties":{"a":false}}`, `{"a":1}`, "2 [a] the schema allows nothing here"},
		{`{"unevaluatedProperties":false,"allOf":[{"properties":{"a":true}}]}`, `{"a":1,"b":2}`, "2 [b] the schema has no such key"},
		{`{"propertyNames":{"maxLength":1}}`, `{"ab":1}`, "4 [ab] want up to 1 characters, got 2"},
		{`{"dependentRequired":{"a":["b"]}}`, `{"a":1}`, "4 [] with a goes b, which is not there"},
		{`{"prefixItems":[true],"items":{"minimum":2}}`, `[0,1]`, "4 [1] want ≥ 2, got 1"},
		{`{"exclusiveMaximum":2}`, `2.0`, "4 [] want < 2, got 2.0"},
		{`{"multipleOf":0.1}`, `0.35`, "4 [] want a multiple of 0.1, got 0.35"},
		{`{"contains":{"const":1},"minContains":2}`, `[1]`, "4 [] want 2 or more items as contains says, got 1"},
		{`{"contains":{"const":1}}`, `[2]`, "4 [0] want 1, got 2"},
		{`{"uniqueItems":true}`, `[{"a":1,"b":2},{"b":2e0,"a":1.0}]`, "4 [] want no value twice, and items 0 and 1 are the same"},
		{`{"enum":["a",{"b":null}]}`, `[]`, `4 [] want one of "a", {"b":null}; got []`},
		{`{"pattern":"^a+$"}`, `"b"`, `4 [] want a match of ^a+$, got "b"`},
		{`{"format":"date"}`, `"2026-02-30"`, `4 [] want the format date, got "2026-02-30"`},
		{`{"oneOf":[true,{}]}`, `1`, "4 [] want what one schema of oneOf allows, and 2 allow this"},
		{`{"not":{}}`, `1`, "4 [] the schema has this under not"},
	} {
		found := mustCompile(t, c.schema).Validate(decode(t, c.value))
		if len(found) != 1 || fmt.Sprintf("%d %v %s", found[0].Kind, found[0].Path, found[0].Detail) != c.want {
			t.Errorf("%s by %s gave %v, want %s", c.value, c.schema, found, c.want)
		}
	}
}

// TestNumbersAreExact holds numbers that a double would mix up, and exponents
// that no memory would hold.
func TestNumbersAreExact(t *testing.T) {
	for _, c := range []struct {
		schema, value string
		valid         bool
	}{
		{`{"const":9007199254740993}`, `9007199254740992`, false},
		{`{"const":9007199254740993}`, `9007199254740993.0`, true},
		{`{"const":0}`, `-0.0e5`, true},
		{`{"maximum":0.1}`, `0.1000000000000000000001`, false},
		{`{"multipleOf":0.01}`, `19.99`, true},
		{`{"multipleOf":3}`, `1e1000000000`, false},
		{`{"multipleOf":1e-1000000000}`, `3`, true},
		{`{"multipleOf":1e1000000000}`, `2e1000000000`, true},
		{`{"minimum":1e1000000000}`, `1e999999999`, false},
		{`{"maximum":-1e1000000000}`, `-1e1000000001`, true},
		{`{"type":"integer"}`, `1e1000000000`, true},
		{`{"type":"integer"}`, `1e-1000000000`, false},
		{`{"enum":[1e1000000000]}`, `10e999999999`, true},
		{`{"maximum":1e1000000000}`, `1e99999999999999999999`, false},
		{`{"minimum":-1}`, `-1e-99999999999999999999`, true},
		{`{"maxLength":1e1000000000}`, `"a"`, true},
		{`{"minItems":2.0}`, `[1]`, false},
	} {
		if found := mustCompile(t, c.schema).Validate(decode(t, c.value)); (len(found) == 0) != c.valid {
			t.Errorf("%s by %s gave %v", c.value, c.schema, found)
		}
	}
}

func TestFormats(t *testing.T) {
	for format, texts := range map[string][2][]string{
		"date":          {{"2024-02-29"}, {"2026-02-29", "2026-2-01", "02026-01-01", ""}},
		"time":          {{"10:11:12Z", "10:11:12.5+05:30", "23:59:60Z", "01:29:60+01:30", "00:00:00z"}, {"10:11:12", "24:00:00Z", "22:59:60Z", "10:11:12.Z", "10:11:1+Z", "10:11:12+24:00"}},
		"duration":      {{"P1D", "P1Y2D", "PT5H6S", "P3W"}, {"P", "PT", "P1DT", "1D", "P1W2D", "P1D1Y", "P-1D", "3W", "W"}},
		"email":         {{"a@b.c", "a.b+c@d", `"a b"@c`, "a@[1.2.3.4]", "a@[IPv6:::1]"}, {"@b", "a", "a..b@c", ".a@b", `"a"b"@c`, "a@-b", "a@[1.2.3]", "a@[1.2.3.4"}},
		"hostname":      {{"a.b-c.d", "a."}, {"", "-a", "a-", "a..b", "a_b", strings.Repeat("a", 64)}},
		"ipv4":          {{"1.2.3.4"}, {"01.2.3.4", "1.2.3", "::1", "256.1.1.1"}},
		"ipv6":          {{"::1", "::ffff:1.2.3.4"}, {"1.2.3.4", "fe80::1%eth0", ":::"}},
		"uri":           {{"https://a/b?c#d", "urn:a"}, {"/a", "http://[::1", "http://a b/", "\x00"}},
		"uri-reference": {{"/a", "", "#b"}, {`\a`, "http://[x]/", ":"}},
		"json-pointer":  {{"", "/a~0~1", "/"}, {"a", "/~", "/~2", "/~01~"}},
		"regex":         {{"^a$"}, {"(", "(?=a)", strings.Repeat("a", maxPattern+1)}},
		"unheard-of":    {{"anything"}, nil},

		"relative-json-pointer": {{"0", "1/a", "0#"}, {"/a", "01", "1a", ""}},
	} {
		s := mustCompile(t, `{"format":"`+format+`"}`)
		for i, list := range texts {
			for _, text := range list {
				if valid := len(s.Validate(text)) == 0; valid != (i == 0) {
					t.Errorf("%s: %q is valid: %v", format, text, valid)
				}
			}
		}
		if found := s.Validate(nil); found != nil {
			t.Errorf("%s: null gave %v", format, found)
		}
	}
}

// TestStepsAreBounded holds schemas that double, at every level, what is to be
// done.
func TestStepsAreBounded(t *testing.T) {
	defs := `"d0":{"type":"string"}`
	for i := range 60 {
		defs += fmt.Sprintf(`,"d%d":{"anyOf":[{"$ref":"#/$defs/d%[2]d"},{"$ref":"#/$defs/d%[2]d"}]}`, i+1, i)
	}
	s := mustCompile(t, `{"not":{"$ref":"#/$defs/d60"},"$defs":{`+defs+`}}`)
	found := s.Validate(decode(t, `1`))
	if len(found) != 1 || !strings.Contains(found[0].Detail, "too many steps") {
		t.Errorf("got %v", found)
	}
	deep := mustCompile(t, `{"items":{"$ref":"#"},"minItems":1}`)
	text := strings.Repeat("[", 9000) + strings.Repeat("]", 9000)
	if found := deep.Validate(decode(t, text)); len(found) != 1 || !strings.Contains(found[0].Detail, "too many steps") {
		t.Errorf("got %d violations", len(found))
	}
	wide := mustCompile(t, `{"items":{"type":"string"}}`)
	if found := wide.Validate(decode(t, "["+strings.Repeat("1,", 5000)+"1]")); len(found) != maxFound {
		t.Errorf("got %d violations", len(found))
	}
	if found := wide.Validate(5.5); len(found) != 1 || found[0].Detail != "float64 is no decoded JSON" {
		t.Errorf("got %v", found)
	}
}
