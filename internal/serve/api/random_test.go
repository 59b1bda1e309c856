package api

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/chaos"
)

// schema is what a described value has to be.
type schema struct {
	Type             any // a text; other than that only in answers
	Format           string
	Enum             []string
	Minimum, Maximum *float64
	MaxItems         int
	Items            *schema
	Properties       map[string]schema
}

// operation is a described request.
type operation struct {
	Parameters []struct {
		Name, In string
		Explode  *bool
		Schema   schema
	}
	RequestBody *struct {
		Content map[string]struct {
			Schema struct {
				Ref string `json:"$ref"`
			}
		}
	}
	Responses map[string]any
}

// body is the schema of what is sent.
func (o operation) body(schemas map[string]schema) schema {
	ref := o.RequestBody.Content["application/json"].Schema.Ref
	return schemas[ref[strings.LastIndex(ref, "/")+1:]]
}

// operations are all that is described.
type operations struct {
	Paths      map[string]map[string]operation
	Components struct{ Schemas map[string]schema }
}

func readOperations(t testing.TB) (d operations) {
	t.Helper()
	if err := json.Unmarshal(openAPIDocument, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// routes has a pattern for each.
func (d operations) routes() *http.ServeMux {
	mux := http.NewServeMux()
	for path, methods := range d.Paths {
		for method := range methods {
			mux.Handle(strings.ToUpper(method)+" "+path, http.NotFoundHandler())
		}
	}
	return mux
}

// missing says what a 404 is about: "" where there is no reason for one.
func missing(routes *http.ServeMux, r *http.Request) string {
	switch _, pattern := routes.Handler(r); {
	case pattern == "":
		return "path"
	case strings.HasPrefix(pattern, "GET /v1/reports"):
		return "report"
	case pattern == "GET /v1/metrics/{name}" && !slices.Contains(known["metrics"], path.Base(r.URL.Path)):
		return "metric"
	}
	return ""
}

// sayings are texts that mean something here, and texts that should mean nothing.
var sayings = []string{
	"gmv", "orders", "aov", "store", "store__name", "sale__category", "metric_time__day", "metric_time", "-gmv", "store__name = 'Ana'", "store__name IN ('Ana', 'Bruno 8')",
	"2026-11-01", "2026-11-31", "0001-01-01", "9999-12-31", "UTC", "America/Lima", storeA, storeB, product(1), "eyJvIjozfQ", "previous_period", "csv", "true",
	"", " ", "'", `"`, "`", "\\", "\x00", "\xff\xfe", "🛒", "{{ Dimension('store__name') }}", "{% for x in range(9999999) %}x{% endfor %}", "{{ 1/0 }}",
	"1) OR (1=1", "1; DROP TABLE people", "gmv FROM sales_mart --", "../../etc/passwd", "%s%n", "-1", "1e309", "99999999999999999999", "NaN", "null", "[]", "{}",
	strings.Repeat("(", 3000), strings.Repeat("a", 9000), "sleepEachRow(3) = 0", "store__name = (SELECT name FROM people)",
}

// known are texts that are right, by the name of what they are for.
var known = map[string][]string{
	"metrics": {"gmv", "orders", "aov"}, "name": {"gmv", "orders"}, "group_by": {"store__name", "metric_time__day", "metric_time__month", "sale__category"},
	"order_by": {"gmv", "-orders"}, "where": {"store__name = 'Ana'", "sale__category != 'hats'", "gmv > 1"}, "time_zone": {"UTC", "America/Lima"}, "cursor": {""}, "month": {"2026-10", "2026-09"}, "kind": {"funnel"},
}

type randomly struct{ *rand.Rand }

func (r randomly) text() string { return sayings[r.IntN(len(sayings))] }

// value is most often as it is described.
func (r randomly) value(name string, s schema) any {
	switch {
	case r.IntN(25) == 0:
		return r.text()
	case s.Type == "string" && known[name] != nil:
		return known[name][r.IntN(len(known[name]))]
	case len(s.Enum) > 0:
		return s.Enum[r.IntN(len(s.Enum))]
	case s.Type == "boolean":
		return r.IntN(2) == 0
	case s.Type == "integer":
		return r.Int64N(1<<uint(1+r.IntN(40))) - 3
	case s.Type == "array":
		list := []any{}
		for range r.IntN(1 + min(s.MaxItems+1, 1<<r.IntN(8))) {
			list = append(list, r.value(name, *s.Items))
		}
		return list
	case s.Type == "object":
		object := map[string]any{}
		for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
			if r.IntN(7) == 0 || name == "metrics" {
				object[name] = r.value(name, s.Properties[name])
			}
		}
		return object
	case s.Format == "uuid":
		return []string{storeA, storeB, product(1 + r.IntN(9))}[r.IntN(3)]
	case s.Format == "date":
		return time.Date(2026, 11, r.IntN(900)-450, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
	}
	return r.text()
}

// request makes one of an operation.
func (r randomly) request(t *testing.T, path string, o operation, schemas map[string]schema) (target, body string) {
	t.Helper()
	query := url.Values{}
	for _, p := range o.Parameters {
		value := r.value(p.Name, p.Schema)
		list, isList := value.([]any)
		texts := make([]string, len(list))
		for i, one := range list {
			texts[i] = fmt.Sprint(one)
		}
		switch {
		case p.In == "path":
			path = strings.ReplaceAll(path, "{"+p.Name+"}", url.PathEscape(fmt.Sprint(value)))
		case r.IntN(7) > 0 && p.Name != "metrics":
		case !isList:
			query.Add(p.Name, fmt.Sprint(value))
		case p.Explode != nil && !*p.Explode:
			query.Add(p.Name, strings.Join(texts, ","))
		default:
			query[p.Name] = texts
		}
	}
	if r.IntN(20) == 0 {
		query.Add(r.text(), r.text())
	}
	if o.RequestBody != nil {
		text, err := json.Marshal(r.value("", o.body(schemas)))
		if err != nil {
			t.Fatal(err)
		}
		body = string(text[:len(text)-r.IntN(2)*r.IntN(2)])
	}
	return path + "?" + query.Encode(), body
}

// TestRandomRequests sends what the document lets one send, and what it does not: the
// answer is one that it names, an error has the shape that it gives, nothing breaks, and
// nobody reads of another store. New endpoints are asked by themselves.
func TestRandomRequests(t *testing.T) {
	s := newSite(t, func(o *Options) { o.Limits.Rate, o.Limits.Queries = 1e6, 1e6 })
	s.fillLive(t)
	s.fillSuggestions(t)
	s.fillAnomalies(t)
	d := readOperations(t)
	routes := d.routes()
	seed := uint64(time.Now().UnixNano())
	r := randomly{rand.New(rand.NewPCG(seed, 0))}
	a, b, all := s.everything(t, storeA), s.everything(t, storeB), s.token(t)
	tokens := []string{a, a, s.fit(t, "/v1/embed", storeA), s.publishable(t, storeA), all, all, ""}
	answered := map[string]int{}
	for range 100 * chaos.Rounds(t, 1) {
		for path, methods := range d.Paths {
			for method, o := range methods {
				if len(o.Parameters) == 0 && o.RequestBody == nil && r.IntN(10) > 0 {
					continue // always the same
				}
				target, body := r.request(t, path, o, d.Components.Schemas)
				who := r.IntN(len(tokens))
				if r.IntN(2) == 0 { // the embedded chart has its token here
					target = strings.Replace(target, embedPath+"?", embedPath+"?token="+tokens[2]+"&", 1)
				}
				if who < 4 && r.IntN(2) == 0 { // the other has asked the same before
					s.do(t, strings.ToUpper(method), b, target, body)
				}
				got := s.do(t, strings.ToUpper(method), tokens[who], target, body)
				text := fmt.Sprintf("seed %d: %s %.300s %.500s: %d %.300s", seed, method, target, body, got.status, got.text)
				switch {
				case got.status == http.StatusNotFound && missing(routes, got.asked) == "":
					t.Error("it is there: " + text)
				case got.status == http.StatusNotFound && missing(routes, got.asked) == "path" && !strings.HasPrefix(got.asked.URL.Path, "/v1/"): // not one of the API's
				case o.Responses[fmt.Sprint(got.status)] == nil && missing(routes, got.asked) != "path", got.status == http.StatusServiceUnavailable:
					t.Error("the answer is not described: " + text)
				case got.status >= 400 && !strings.HasPrefix(got.header.Get("Content-Type"), "application/problem+json"):
					t.Error("the error has another shape: " + text)
				case who < 4 && got.leak(target, body) != "":
					t.Errorf("it has %q: %s", got.leak(target, body), text)
				}
				if got.status == 200 {
					answered[method+path]++
				}
			}
		}
	}
	t.Logf("seed %d, answered: %v", seed, answered)
	if answered["get/v1/query"]+answered["post/v1/query"] == 0 || answered["get/v1/recommendations"] == 0 || answered["get/v1/live"] == 0 || answered["get/v1/live/stream"] == 0 {
		t.Errorf("seed %d: too few requests were right: %v", seed, answered)
	}
}
