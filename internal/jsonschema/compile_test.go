package jsonschema

import (
	"fmt"
	"strings"
	"testing"
)

func TestProblemsSayWhereAndWhat(t *testing.T) {
	for _, c := range []struct{ schema, pointer, text string }{
		{`[]`, "", "want a schema"},
		{`{"properties":{"a/b":5}}`, "/properties/a~1b", "want a schema, which is an object, true or false, got 5"},
		{`{"properties":[]}`, "/properties", "want an object of schemas, got []"},
		{`{"required":"code"}`, "/required", `want a list of strings, got "code"`},
		{`{"required":["a","a"]}`, "/required", `"a" is there twice`},
		{`{"dependentRequired":{"a":[1]}}`, "/dependentRequired/a", "want a list of strings, and 1 is none"},
		{`{"type":"text"}`, "/type", `"text" is no type: want one of array, `},
		{`{"type":[{"a":1},{"a":1}]}`, "/type", "is no type"},
		{`{"type":[]}`, "/type", "got an empty list"},
		{`{"enum":"a"}`, "/enum", "want a list of values"},
		{`{"allOf":[]}`, "/allOf", "one at least"},
		{`{"anyOf":[{"minLength":-1}]}`, "/anyOf/0/minLength", "want a whole number, 0 or more, got -1"},
		{`{"maxItems":1.5}`, "/maxItems", "want a whole number"},
		{`{"maximum":"1"}`, "/maximum", "want a number"},
		{`{"multipleOf":0}`, "/multipleOf", "want a number above 0"},
		{`{"uniqueItems":1}`, "/uniqueItems", "want true or false"},
		{`{"title":1}`, "/title", "want a string"},
		{`{"pattern":"(?=a)"}`, "/pattern", "re2syntax"},
		{`{"pattern":"` + strings.Repeat("a", maxPattern+1) + `"}`, "/pattern", "is the most"},
		{`{"patternProperties":{"(":{}}}`, "/patternProperties/(", "missing closing )"},
		{`{"items":[{}]}`, "/items", "write prefixItems"},
		{`{"$schema":"http://json-schema.org/draft-07/schema#"}`, "/$schema", "write "},
		{`{"$id":"https://tiendi.example/y.json"}`, "/$id", "leave it out"},
		{`{"not":{"$id":"https://tiendi.example/x.json"}}`, "/not/$id", "leave it out"},
		{`{"$dynamicRef":"#a"}`, "/$dynamicRef", "write $ref"},
		{`{"$anchor":"1"}`, "/$anchor", "is no name"},
		{`{"$anchor":"a","not":{"$anchor":"a"}}`, "/not/$anchor", "choose another"},
		{`{"$ref":1}`, "/$ref", "want a string"},
		{`{"$ref":"#/$defs/a"}`, "/$ref", "leads to nothing: there is no /$defs/a"},
		{`{"$ref":"#a"}`, "/$ref", `there is no $anchor "a"`},
		{`{"$ref":"%"}`, "/$ref", "is no reference"},
		{`{"$ref":"#/title","title":"x"}`, "/$ref", `leads to "x", which is no schema`},
		{`{"not":{"$ref":"#"}}`, "/not/$ref", "leads back to itself"},
		{`{"anyOf":[{"dependentSchemas":{"a/b":{"$ref":"#"}}}]}`, "/anyOf/0/dependentSchemas/a~1b/$ref", "leads back to itself"},
	} {
		_, problems := compileOurs(decode(t, c.schema))
		if len(problems) == 0 || problems[0].Pointer != c.pointer || !strings.Contains(problems[0].Text, c.text) {
			t.Errorf("%.100s gave\n%+v\nwant %s: %s", c.schema, problems, c.pointer, c.text)
		}
	}
}

func TestAllProblemsAreReportedUpToABound(t *testing.T) {
	_, problems := compileOurs(decode(t, `{"type":"x","title":1,"not":{"minLength":"a"}}`))
	if len(problems) != 3 || problems[0].Pointer != "/not/minLength" || problems[2].Pointer != "/type" {
		t.Errorf("got %+v", problems)
	}
	_, problems = compileOurs(decode(t, `{"allOf":[`+strings.Repeat(`{"$ref":"y.json","type":1},`, 500)+`true]}`))
	if len(problems) != maxRemarks {
		t.Errorf("got %d problems", len(problems))
	}
}

func TestReferencesBetweenDocuments(t *testing.T) {
	docs := map[string]any{
		"https://a.example/x.json":     decode(t, `{"properties":{"a":{"$ref":"d/y.json#part"},"b":{"$ref":"d/y.json#/x-more/0"},"c":{"$ref":"d/y.json"}}}`),
		"https://a.example/d/y.json":   decode(t, `{"$defs":{"p":{"$anchor":"part","$ref":"../z.json"}},"x-more":[{"const":1}],"type":"array"}`),
		"https://a.example/z.json":     decode(t, `{"type":"string"}`),
		"https://a.example/wrong.json": decode(t, `{"type":"wrong"}`), // nobody asks for it
	}
	r := Compile(docs, []string{"https://a.example/x.json"}, nil)
	if len(r.Problems) > 0 {
		t.Fatal(r.Problems)
	}
	found := r.Schemas["https://a.example/x.json"].Validate(decode(t, `{"a":1,"b":2,"c":3}`))
	if got := fmt.Sprint(ourLeaves(found)); got != fmt.Sprint([]leaf{{WrongType, "a"}, {Invalid, "b"}, {WrongType, "c"}}) {
		t.Errorf("got %s", got)
	}
	r = Compile(docs, []string{"https://a.example/wrong.json", "https://a.example/x.json"}, nil)
	if len(r.Problems) != 1 || r.Problems[0].URL != "https://a.example/wrong.json" {
		t.Errorf("got %+v", r.Problems)
	}
	docs["https://a.example/z.json"] = decode(t, `{"$ref":"https://b.example/x.json"}`)
	r = Compile(docs, []string{"https://a.example/x.json"}, nil)
	if len(r.Problems) != 1 || !r.Problems[0].NoDocument || r.Problems[0].URL != "https://a.example/z.json" {
		t.Errorf("got %+v", r.Problems)
	}
}

func TestNotesAreAboutSlipsOfTheKeys(t *testing.T) {
	r := Compile(map[string]any{testURL: decode(t, `{"requried":["a"],"x-require":1,"unit":"ms","minlength":3,"format":"datetime","not":{"format":"x-y"}}`)},
		[]string{testURL}, map[string]func(string) bool{"date-time": nil})
	if len(r.Problems) > 0 || len(r.Notes) != 3 {
		t.Fatalf("%+v", r)
	}
	for i, want := range []string{"did you mean date-time?", "did you mean minLength?", "did you mean required?"} {
		if !strings.Contains(r.Notes[i].Text, want) {
			t.Errorf("%+v, want %s", r.Notes[i], want)
		}
	}
}
