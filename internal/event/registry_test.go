package event

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// schemas is a project's folder.
func schemas(files map[string]string) fstest.MapFS {
	all := fstest.MapFS{}
	for name, text := range files {
		all[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return all
}

const (
	webRef    = `"$ref": "tiendi/base.json#/$defs/web_event"`
	serverRef = `"$ref": "tiendi/base.json#/$defs/server_event"`
)

func TestProjectAddsAndExtendsTypes(t *testing.T) {
	r, err := NewRegistry(schemas(map[string]string{
		"coupon_used.json": `{` + serverRef + `, "description": "A coupon.", "properties": {"properties":
			{"properties": {"code": {"$ref": "_parts.json#/$defs/code"}}, "required": ["code"]}}}`,
		"page_view.json":     `{"$ref": "tiendi/page_view.json", "properties": {"properties": {"required": ["page_type"]}}}`,
		"wish_added.json":    `{` + webRef + `, "properties": {"properties": {"patternProperties": {"^n_": {"type": "integer"}}}}}`,
		"health_probe.json":  `{` + serverRef + `}`,
		"_parts.json":        `{"$defs": {"code": {"type": "string", "minLength": 3}}}`,
		"store_visited.json": `{"$ref": "tiendi/store_visited.json", "properties": {"properties": {"unevaluatedProperties": false}}}`,
	}), "events")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		raw, want string
	}{
		{strings.ReplaceAll(probe(``), `"target":"a"`, `"code":"abc"`), ""}, // its own properties are none of health_probe's now
		{`{"event_type":"coupon_used","timestamp":"2026-11-20T11:00:00Z","properties":{"code":"abc"}}`, ""},
		{`{"event_type":"coupon_used","timestamp":"2026-11-20T11:00:00Z","properties":{"code":"ab"}}`, "invalid_value /properties/code"},
		{`{"timestamp":"2026-11-20T11:00:00Z","properties":{},"event_type":"coupon_used"}`, "missing_field /properties/code"},
		{web(wholeContext, `{"page_type":"x"}`), ""},
		{web(wholeContext, `{}`), "missing_field /properties/page_type"},
		{strings.Replace(web(wholeContext, `{"n_a":1,"b":"x"}`), "page_view", "wish_added", 1), ""},
		{strings.Replace(web(wholeContext, `{"n_a":"1"}`), "page_view", "wish_added", 1), "wrong_type /properties/n_a"},
		{strings.Replace(web(``, `{"n_a":1}`), "page_view", "wish_added", 1), "missing_field /context"},
		{`{"properties":{"event_type":"wish_added"},"event_type":"page_view"}`, "missing_field /properties/page_type"},
		{strings.Replace(web(wholeContext, `{"store_id":"`+idA+`","nope":1}`), "page_view", "store_visited", 1), "unexpected_field /properties/nope"},
	} {
		_, rejection := r.Parse([]byte(c.raw), clock)
		got := ""
		if rejection != nil {
			got = string(rejection.Reason) + " " + rejection.Pointer
		}
		if got != c.want {
			t.Errorf("%s\ngave %q, want %q (%v)", c.raw, got, c.want, rejection)
		}
	}
	infos := r.Types()
	last := infos[len(infos)-2:]
	if last[0].Type != "coupon_used" || last[0].Web || last[0].File != "events/coupon_used.json" || last[0].Full ||
		!slices.Equal(last[0].Required, []string{"code"}) || !last[1].Web || !last[1].Full || len(infos) != len(Types())+2 {
		t.Errorf("the project's types are %+v", last)
	}
	if !r.Known("coupon_used") || r.Known("_parts") || r.Known("nothing") || !r.Web("wish_added") || r.Web("coupon_used") {
		t.Error("Known or Web is wrong")
	}
}

func TestProjectSchemasThatAreWrong(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"a.json", "{\n  \"type\": ]", "events/a.json:2:11: invalid character"},
		{"a.json", `{} {}`, "events/a.json:1:4: invalid character '{' after top-level value"},
		{"a.json", `{"type"`, "events/a.json:1:7: unexpected end of JSON input"},
		{"a.json", `{"title":"x","title":"y"}`, `the key "title" is there twice`},
		{"a.json", `[]`, "events/a.json:1:1: the schema of an event type is a JSON object"},
		{"a.json", strings.Repeat(`{"not":`, 40) + "{}" + strings.Repeat("}", 40), "nested deeper"},
		{"a.json", `{"type": "object"}`, "events/a.json: /$ref: the schema does not say who sends the event\n  begin it with"},
		{"a.json", `{` + webRef + `, "properties": {"properties": {"required": "code"}}}`, "events/a.json: /properties/properties/required: "},
		{"a.json", `{` + webRef + `, "properties": {"user_id": {"type": "uuid"}}}`, "events/a.json: /properties/user_id/type: "},
		{"a.json", `{` + webRef + `, "properties": {"properties": {"$ref": "tiendi/base.json#/$defs/nothing"}}}`, "events/a.json: /properties/properties/$ref: "},
		{"a.json", `{` + webRef + `, "properties": {"properties": {"$ref": "https://evil.example/x.json"}}}`, "events/a.json: /properties/properties/$ref: "},
		{"a.json", `{` + webRef + `, "properties": {"properties": {"$ref": "../../etc/passwd"}}}`, "events/a.json: /properties/properties/$ref: there is no schema"},
		{"a.json", `{` + webRef + `, "properties": {"properties": {"pattern": "("}}}`, "events/a.json: "},
		{"a.json", `{` + webRef + `, "properties": {"event_type": {"const": "b"}}}`, `events/a.json: /properties/event_type: "b" is not the file's name: call the file b.json`},
		{"a.json", `{"$schema": "http://json-schema.org/draft-07/schema#"}`, "events/a.json: /$schema: write "},
		{"a.json", `{"$id": "https://x.example/a.json", ` + webRef + `}`, "events/a.json: /$id: leave it out"},
		{"A-b.json", `{}`, `events/A-b.json: "A-b" can be no event type`},
	} {
		_, err := NewRegistry(schemas(map[string]string{c.name: c.text}), "events")
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s gave\n%v\nwant\n%s", c.text, err, c.want)
		}
	}
	_, err := NewRegistry(schemas(map[string]string{"a.json": `{}`, "b.json": `{}`}), "events")
	if err == nil || !strings.Contains(err.Error(), "events/a.json") || !strings.Contains(err.Error(), "events/b.json") {
		t.Errorf("two wrong files gave %v", err)
	}
}

// TestDoublingReferencesEnd holds the bound on schemas that refer to themselves
// over and over without a cycle.
func TestDoublingReferencesEnd(t *testing.T) {
	defs := `"d0": {"type": "string"}`
	for i := 1; i < 60; i++ {
		defs += fmt.Sprintf(`, "d%d": {"properties": {"a": {"$ref": "#/$defs/d%[2]d"}, "b": {"$ref": "#/$defs/d%[2]d"}}}`, i, i-1)
	}
	r, err := NewRegistry(schemas(map[string]string{"a.json": `{` + serverRef + `, "properties": {"properties": {"$ref": "#/$defs/d59"}}, "$defs": {` + defs + `}}`}), "events")
	if err != nil {
		t.Fatal(err)
	}
	raw := `{"event_type":"a","timestamp":"2026-11-20T11:00:00Z","properties":{"a":{"b":5}}}`
	if _, rejection := r.Parse([]byte(raw), clock); rejection != nil {
		t.Error(rejection)
	}
	if n := len(r.Markdown()); n > 10<<20 {
		t.Errorf("the docs are %d bytes", n)
	}
}

// TestSchemasDescribeTheContract keeps the schemas and the Go side together.
func TestSchemasDescribeTheContract(t *testing.T) {
	r := builtin(t)
	for _, info := range r.Types() {
		if info.Web != info.Type.Web() || info.Description == "" || info.File != "" || info.Full {
			t.Errorf("%+v, and Web() is %v", info, info.Type.Web())
		}
		for _, m := range r.types[string(info.Type)].node.at("properties").members {
			if m.node.description == "" {
				t.Errorf("%s: %s has no description", info.Type, m.key)
			}
		}
	}
	full, err := r.docs.oracle()
	if err != nil {
		t.Fatal(err)
	}
	for name := range r.docs {
		if _, err := full.Compile(baseURL + name); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if r.docs[name].get("$id") != baseURL+name {
			t.Errorf("%s: its $id is %v", name, r.docs[name].get("$id"))
		}
	}
}

// TestMarkdownGolden compares the docs; UPDATE_GOLDEN=1 writes them anew.
func TestMarkdownGolden(t *testing.T) {
	project := schemas(map[string]string{"coupon_used.json": `{` + serverRef + `, "description": "A coupon | or two.",
		"properties": {"properties": {"properties": {"code": {"enum": ["a", "b"]}}, "minProperties": 1}}}`})
	r, err := NewRegistry(project, "events")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", "events.md")
	got := r.Markdown()
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the docs have changed; UPDATE_GOLDEN=1 writes %s anew. They are now:\n%s", path, got)
	}
	again, err := NewRegistry(project, "events")
	if err != nil || again.Markdown() != got {
		t.Errorf("the same schemas give another text (%v)", err)
	}
}
