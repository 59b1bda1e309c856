package api

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/serve/auth"
)

// bases are questions that are right, by path; where there are none, it is asked as it is.
var bases = map[string][]string{
	"/v1/query": {"metrics=gmv,orders,aov&group_by=store,store__name", "metrics=gmv", "metrics=orders&group_by=sale__category,metric_time__day", "group_by=store__name", "saved_query=shops", ""},
}

// injections are what the vendor of A sends to see more.
var injections = []string{
	storeB, event.ID{}.String(), storeA + "," + storeB, "' OR 1=1 --", "1) OR (1=1", `"`, "`", "\\", "{{ Dimension('store__name') }}", "*", "%", "",
	"store__name = 'Bruno 8'", "store__name != 'Ana'", "store__name = 'Ana' OR 1 = 1", "store = '" + storeB + "'", "sale__category = '8hidden'",
	"1 UNION ALL SELECT name FROM people", "sales_mart; DROP TABLE people", "store__name) FROM dim_store --", "SETTINGS additional_table_filters = {}", product(8),
}

// attempt is one request.
type attempt struct{ method, path, body string }

// attempts puts each injection into each place of an operation that the document describes,
// and into a parameter that it does not.
func attempts(path, method string, o operation, schemas map[string]schema) (all []attempt) {
	method = strings.ToUpper(method)
	if o.RequestBody != nil {
		for name, s := range o.body(schemas).Properties {
			for _, value := range injections {
				var field any = value
				if s.Type == "array" {
					field = []string{value}
				}
				text, _ := json.Marshal(map[string]any{"metrics": []string{"gmv"}, "group_by": []string{"store__name"}, name: field}) // of texts
				all = append(all, attempt{method, path, string(text)})
			}
		}
		return all
	}
	for _, base := range append(bases[path], "")[:max(1, len(bases[path]))] {
		all = append(all, attempt{method, rightly(path, o) + "?" + base, ""})
		for _, value := range injections {
			at := path
			for _, p := range o.Parameters {
				if p.In == "path" {
					at = strings.ReplaceAll(at, "{"+p.Name+"}", url.PathEscape(value))
					continue
				}
				all = append(all, attempt{method, rightly(path, o) + "?" + base + "&" + p.Name + "=" + url.QueryEscape(value), ""})
			}
			all = append(all, attempt{method, at + "?" + base + "&unknown=" + url.QueryEscape(value), ""})
		}
	}
	return all
}

// rightly puts what is known into the places of a path.
func rightly(path string, o operation) string {
	for _, p := range o.Parameters {
		if p.In == "path" {
			path = strings.ReplaceAll(path, "{"+p.Name+"}", known[p.Name][0])
		}
	}
	return path
}

// marks are what only B has, the platform, or nobody.
var marks = []string{storeB, "Bruno", "hidden", "someone", "8888", "71111.04", "71184.54", "704", "711", `"views":88`, "101.01", product(8), product(9)}

// others is what a text has of another than A.
func others(text string) string {
	for _, sign := range marks {
		if strings.Contains(text, sign) {
			return sign
		}
	}
	return ""
}

// byChance are headers that hold random digits, a time or a length.
var byChance = []string{"X-Request-Id", "Etag", "Date", "Content-Length", "X-Next-Cursor"}

var cursorInBody = regexp.MustCompile(`"next":"[^"]*"`)

// leak is what an answer, whatever its status, has of another than A in its headers or its
// body, beyond what was sent.
func (r reply) leak(sent ...string) string {
	var b strings.Builder
	for name, values := range r.header {
		if !slices.Contains(byChance, name) {
			fmt.Fprintln(&b, name, values)
		}
	}
	text := r.text
	if id := r.header.Get("X-Request-Id"); id != "" {
		text = strings.ReplaceAll(text, id, "")
	}
	b.WriteString(cursorInBody.ReplaceAllString(text, ""))
	said := b.String()
	for _, one := range sent {
		plain, err := url.QueryUnescape(one)
		if err != nil {
			plain = one
		}
		for _, mark := range marks {
			if strings.Contains(plain, mark) {
				said = strings.ReplaceAll(said, mark, "")
			}
		}
	}
	return others(said)
}

// everything makes a token that may do all but see the platform.
func (s *site) everything(t testing.TB, stores ...string) string {
	t.Helper()
	return s.sign(t, auth.Principal{
		Subject: "ana", Expires: s.now.Load().Add(time.Hour),
		Scopes: []auth.Scope{auth.Metrics, auth.Live, auth.Reports, auth.Recommendations},
	}, stores)
}

// fit makes the token that an endpoint takes.
func (s *site) fit(t testing.TB, path string, stores ...string) string {
	t.Helper()
	if strings.HasSuffix(path, embedPath) {
		return s.chartOf(t, append(stores, "")[0], func(e *auth.Embed) { e.GroupBy = []string{"store__name"}; e.Period = "30d" })
	}
	return s.everything(t, stores...)
}

// attempt sends one, with the token where the endpoint wants it.
func (s *site) attempt(t testing.TB, token string, one attempt, headers ...string) reply {
	t.Helper()
	path := one.path
	if rest, ok := strings.CutPrefix(path, embedPath+"?"); ok {
		path = embedPath + "?token=" + token + "&" + rest
	}
	return s.do(t, one.method, token, path, one.body, headers...)
}

// TestNothingOfAnotherStore has the vendor of A try all that he can send, in every place of
// every endpoint, with answers of B and of the platform unknown and known.
func TestNothingOfAnotherStore(t *testing.T) {
	s := newSite(t, func(o *Options) { o.Limits.Rate, o.Limits.Queries = 1e6, 1e6 })
	s.fillLive(t)
	s.fillSuggestions(t)
	s.fillAnomalies(t)
	d := readOperations(t)
	for _, path := range slices.Sorted(maps.Keys(d.Paths)) {
		a, b, all := s.fit(t, path, storeA), s.fit(t, path, storeB), s.fit(t, path)
		for method, o := range d.Paths[path] {
			list := attempts(path, method, o, d.Components.Schemas)
			answered := 0
			for _, warm := range []bool{false, true} {
				for i, one := range list {
					if warm && i%7 == 0 { // others have asked the same before
						s.attempt(t, all, one)
						s.attempt(t, b, one)
					}
					r := s.attempt(t, a, one, "X-Tenant: "+storeB, "X-Store-Id: "+storeB, "Cookie: store="+storeB, "X-Forwarded-User: bruno")
					if found := r.leak(one.path, one.body); found != "" || r.status >= 500 {
						t.Errorf("warm %v, %+v: %d, %q in %v %.300s", warm, one, r.status, found, r.header, r.text)
					}
					if r.status == 200 {
						answered++
					}
				}
			}
			if answered == 0 {
				t.Errorf("%s %s: none of %d requests was answered", method, path, len(list))
			}
		}
	}
	if n := s.get(t, s.token(t), "/v1/query?metrics=gmv&group_by=store__name").rows(t); !strings.Contains(n, "Bruno 8") {
		t.Errorf("and the tables are as they were: %s", n)
	}
}

// TestForgedTokens: no endpoint believes a token that is B's but for its signature,
// whatever key its header names.
func TestForgedTokens(t *testing.T) {
	s := newSite(t, nil)
	a, b := s.everything(t, storeA), s.everything(t, storeB)
	parts, others := strings.Split(a, "."), strings.Split(b, ".")
	forged := map[string]string{
		"none": "", "no token": "x.y.z", "another signature": b[:len(b)-4] + "AAAA", "another's signature": others[0] + "." + others[1] + "." + parts[2],
	}
	forge := func(name string, method jwt.SigningMethod, key any, header map[string]any) {
		token := jwt.NewWithClaims(method, jwt.MapClaims{
			"iss": "shop", "aud": "tiendi", "sub": "eve", "exp": s.now.Load().Add(time.Hour).Unix(), "stores": []string{storeB}, "scope": "metrics live recommendations platform",
		})
		maps.Copy(token.Header, header)
		text, err := token.SignedString(key)
		if err != nil {
			t.Fatal(err)
		}
		forged[name] = text
	}
	forge("alg none", jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, nil)
	forge("an empty secret", jwt.SigningMethodHS256, []byte{}, nil)
	forge("another length", jwt.SigningMethodHS512, []byte(secret), nil)
	for _, kid := range []any{"../../../../dev/null", "/dev/null", "' UNION SELECT '' --", "| cat /etc/passwd", "", 1, []string{"a"}, map[string]string{"a": "b"}, "http://127.0.0.1:1/keys"} {
		forge(fmt.Sprint("kid ", kid), jwt.SigningMethodHS256, []byte{}, map[string]any{"kid": kid, "jku": "http://127.0.0.1:1", "x5u": "http://127.0.0.1:1"})
	}
	for name, token := range forged {
		for path, methods := range readOperations(t).Paths {
			for method := range methods {
				r := s.do(t, strings.ToUpper(method), token, strings.NewReplacer("{name}", "gmv", "{kind}", "funnel").Replace(path)+"?token="+url.QueryEscape(token), "")
				if r.status != 401 || r.header.Get("WWW-Authenticate") == "" || r.leak() != "" {
					t.Errorf("%s, %s %s: %d %s", name, method, path, r.status, r.text)
				}
			}
		}
	}
}
