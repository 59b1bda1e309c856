package api

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// document is the part of the OpenAPI document that tests look at.
type document struct {
	Paths map[string]map[string]struct {
		Parameters []struct{ Name string }
		Responses  map[string]any
	}
	Components struct {
		Schemas map[string]struct{ Properties map[string]any }
	}
}

func readDocument(t testing.TB) (d document) {
	t.Helper()
	if err := json.Unmarshal(openAPIDocument, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// TestDocumentHasAllRoutes: what is served is described, and nothing else.
func TestDocumentHasAllRoutes(t *testing.T) {
	d := readDocument(t)
	var served, described []string
	for _, r := range (&Server{}).routes() {
		served = append(served, r.pattern)
	}
	for path, methods := range d.Paths {
		for method, operation := range methods {
			described = append(described, strings.ToUpper(method)+" "+path)
			for _, status := range []string{"400", "401", "403", "429", "503"} {
				if operation.Responses[status] == nil {
					t.Errorf("%s %s does not say when it answers %s", method, path, status)
				}
			}
		}
	}
	slices.Sort(served)
	slices.Sort(described)
	if !slices.Equal(served, described) {
		t.Errorf("served: %v\ndescribed: %v", served, described)
	}
	for _, p := range d.Paths["/v1/query"]["get"].Parameters {
		if _, err := questionOfParameters(httptest.NewRequest(http.MethodGet, "/v1/query?"+p.Name+"=1", nil)); err != nil {
			t.Errorf("the parameter %s is described, and refused: %v", p.Name, err)
		}
	}
	fields := reflect.VisibleFields(reflect.TypeFor[question]())
	if len(fields) != len(d.Components.Schemas["Question"].Properties) {
		t.Errorf("a question has %d fields, and %d are described", len(fields), len(d.Components.Schemas["Question"].Properties))
	}
}

// TestAnswersAreAsDescribed holds answers against the document's schemas.
func TestAnswersAreAsDescribed(t *testing.T) {
	s := newSite(t, nil)
	s.fillLive(t)
	s.fillSuggestions(t)
	s.fillAnomalies(t)
	s.fillPeers(t, 12)
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(openAPIDocument))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("openapi.json", value); err != nil {
		t.Fatal(err)
	}
	a := s.token(t, storeA)
	for _, one := range []struct {
		schema string
		r      reply
	}{
		{"Answer", s.get(t, a, "/v1/query?metrics=gmv,aov&group_by=metric_time__day,store__name&limit=2&compare=previous_period&start=2026-11-01&end=2026-11-05")},
		{"Answer", s.get(t, a, "/v1/query?group_by=store__name")},
		{"Metric", s.get(t, a, "/v1/metrics/gmv")},
		{"Me", s.get(t, a, "/v1/me")},
		{"Live", s.get(t, a, "/v1/live")},
		{"Suggestions", s.get(t, s.publishable(t), "/v1/recommendations?product="+product(1))},
		{"Suggestions", s.get(t, s.publishable(t, "cccccccc-0000-4000-8000-000000000003"), "/v1/recommendations")},
		{"Benchmark", s.get(t, a, "/v1/benchmark")},
		{"Benchmark", s.get(t, a, "/v1/benchmark?month=2026-09")},
		{"Anomalies", s.get(t, a, "/v1/anomalies")},
		{"Anomalies", s.get(t, s.token(t), "/v1/anomalies?limit=3")},
		{"Reports", s.get(t, s.everything(t, storeA), "/v1/reports")},
		{"Dashboards", s.get(t, s.token(t), "/v1/dashboards")},
		{"Answer", s.get(t, s.chartOf(t, storeA, nil), "/v1/embed")},
		{"Problem", s.get(t, a, "/v1/query?metrics=gvm")},
		{"Problem", s.get(t, a, "/v1/metrics/gvm")},
		{"Problem", s.get(t, "", "/v1/live")},
	} {
		schema, err := c.Compile("openapi.json#/components/schemas/" + one.schema)
		if err != nil {
			t.Fatal(err)
		}
		value, err := jsonschema.UnmarshalJSON(strings.NewReader(one.r.text))
		if err == nil {
			err = schema.Validate(value)
		}
		if err != nil {
			t.Errorf("%s: %v\n%s", one.schema, err, one.r.text)
		}
	}
	r := s.get(t, "", "/openapi.json")
	if r.status != 200 || r.text != string(openAPIDocument) || !strings.Contains(r.header.Get("Content-Type"), "openapi") {
		t.Errorf("the document: %d %v", r.status, r.header)
	}
}

func TestPagesOfOtherOrigins(t *testing.T) {
	s := newSite(t, nil)
	for origin, want := range map[string]string{"https://shop.example": "https://shop.example", "https://evil.example": ""} {
		for _, method := range []string{http.MethodOptions, http.MethodGet} {
			r := s.do(t, method, s.token(t), "/v1/metrics", "", "Origin: "+origin)
			if r.header.Get("Access-Control-Allow-Origin") != want || r.header.Get("Access-Control-Allow-Credentials") != "" {
				t.Errorf("%s %s: %v", method, origin, r.header)
			}
		}
	}
}

// FuzzQuestion: no parameters and no body make a question that is not one of /openapi.json,
// or a panic; what is taken has a name.
func FuzzQuestion(f *testing.F) {
	f.Add("metrics=gmv&group_by=a,b&where=x&limit=3&sparse=true&cursor=eyJvIjozfQ", `{"metrics":["gmv"]}`)
	f.Add("%zz=1&metrics=a&metrics=b", `{"metrics":["gmv"],"limit":1e9} {}`)
	f.Add("limit=99999999999999999999", `[`)
	f.Fuzz(func(t *testing.T, query, body string) {
		get := &http.Request{Method: http.MethodGet, URL: &url.URL{Path: "/v1/query", RawQuery: query}, Header: http.Header{}}
		post, err := http.NewRequest(http.MethodPost, "/v1/query", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		post.Header.Set("Content-Type", "application/json")
		for _, r := range []*http.Request{get, post} {
			q, err := readQuestion(r)
			if err != nil {
				if p := asProblem(err); p.Status != 400 && p.Status != 406 {
					t.Errorf("%q %q: %v", query, body, err)
				}
				continue
			}
			if _, err := readCursor(q.Cursor); err != nil && asProblem(err).Status != 400 {
				t.Errorf("cursor %q: %v", q.Cursor, err)
			}
			if q.key(nil, "d", "v") == q.key(nil, "dv", "") {
				t.Errorf("%+v has one key for two versions", q)
			}
		}
	})
}
