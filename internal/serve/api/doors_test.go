package api

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/serve/auth"
)

// descriptions are the paths that may be asked with GET, each as it is asked rightly.
func descriptions(t *testing.T) (targets []string) {
	t.Helper()
	d := readOperations(t)
	for _, path := range slices.Sorted(maps.Keys(d.Paths)) {
		if o, ok := d.Paths[path]["get"]; ok {
			for _, base := range append(bases[path], "")[:max(1, len(bases[path]))] {
				targets = append(targets, rightly(path, o)+"?"+base)
			}
		}
	}
	return targets
}

// TestOtherDoors: neither another method, nor another spelling of a path, nor a token in
// another place, nor what others have asked before opens what the token does not.
func TestOtherDoors(t *testing.T) {
	s := newSite(t, func(o *Options) { o.Limits.Rate, o.Limits.Queries = 1e6, 1e6 })
	s.fillLive(t)
	s.fillSuggestions(t)
	s.fillAnomalies(t)
	for _, target := range descriptions(t) {
		path, _, _ := strings.Cut(target, "?")
		a, b, all := s.fit(t, path, storeA), s.fit(t, path, storeB), s.fit(t, path)
		for _, other := range []string{b, all} { // an answer of others is no answer of A's
			theirs := s.attempt(t, other, attempt{"GET", target, ""})
			for _, tag := range []string{theirs.header.Get("ETag"), `W/` + theirs.header.Get("ETag")} {
				if r := s.attempt(t, a, attempt{"GET", target, ""}, "If-None-Match: "+tag); r.status == http.StatusNotModified {
					t.Errorf("%s: the answer that another has is said to be A's: %s", target, tag)
				}
			}
		}
		for _, method := range []string{"HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "CONNECTED", "get"} {
			r := s.attempt(t, a, attempt{method, target + "&store=" + storeB, ""}, "Origin: https://shop.example", "X-HTTP-Method-Override: GET")
			if r.status >= 500 || r.leak(target+storeB) != "" || method != "HEAD" && r.status == http.StatusOK && strings.HasPrefix(path, "/v1/") {
				t.Errorf("%s %s: %d %v %.200s", method, target, r.status, r.header, r.text)
			}
			if r := s.do(t, method, "", target, ""); method != "OPTIONS" && strings.HasPrefix(path, "/v1/") && r.status < 400 {
				t.Errorf("%s %s without a token: %d %.200s", method, target, r.status, r.text)
			}
		}
		for _, spelling := range []string{"/" + path, path + "/", strings.ToUpper(path), "/x/.." + path, strings.Replace(path, "/v1/", "/v1/./", 1), strings.Replace(path, "/v1/", "/v1/%2e%2e/v1/", 1), strings.Replace(path, "/v1/", "/v1%2f", 1), path + "%00", path + ";store=" + storeB} {
			for _, token := range []string{"", a} {
				r := s.do(t, "GET", token, spelling+"?store="+storeB, "")
				if r.status >= 500 || r.leak(spelling+storeB) != "" || token == "" && r.status == http.StatusOK && r.header.Get("Content-Type") == "application/json" {
					t.Errorf("%s: %d %.200s", spelling, r.status, r.text)
				}
			}
		}
		if strings.HasPrefix(path, "/v1/") {
			for _, place := range []string{"?token=" + a, "?access_token=" + a, "?Authorization=Bearer+" + a} {
				if r := s.do(t, "GET", "", path+place, "", "Cookie: token="+a, "X-Authorization: Bearer "+a); r.status != http.StatusUnauthorized {
					t.Errorf("%s%.10s…: %d", path, place, r.status)
				}
			}
		}
	}
}

// TestTokensThatOpenLittle: a token without stores reads of none, one for shoppers asks
// for suggestions and nothing else, and one of a chart shows the chart.
func TestTokensThatOpenLittle(t *testing.T) {
	s := newSite(t, func(o *Options) { o.Limits.Rate, o.Limits.Queries = 1e6, 1e6 })
	s.fillLive(t)
	s.fillSuggestions(t)
	s.fillAnomalies(t)
	ofNone, err := auth.Sign(s.tokens, auth.Principal{Subject: "eve", Scopes: []auth.Scope{auth.Metrics, auth.Live, auth.Reports, auth.Recommendations}, Expires: s.now.Load().Add(time.Hour)}, *s.now.Load())
	if err != nil {
		t.Fatal(err)
	}
	tokens := map[string]string{"of no store": ofNone, "of shoppers": s.publishable(t, storeA), "of a chart": s.chartOf(t, storeA, nil)}
	opens := map[string][]string{
		"of no store": {"/v1/metrics", "/v1/metrics/gmv", "/v1/dashboards"}, "of shoppers": {"/v1/recommendations"}, "of a chart": {"/v1/embed"},
	}
	for _, target := range descriptions(t) {
		path, _, _ := strings.Cut(target, "?")
		if !strings.HasPrefix(path, "/v1/") {
			continue
		}
		for name, token := range tokens {
			for _, more := range []string{"", "&store=" + storeB, "&stores=" + storeB} {
				r := s.do(t, "GET", token, target+more, "")
				if r.leak(target+more) != "" || r.status >= 500 || (r.status == http.StatusOK) != (slices.Contains(opens[name], path) && more == "") && !slices.Contains(opens["of no store"], path) {
					t.Errorf("a token %s, %s: %d %.200s", name, target+more, r.status, r.text)
				}
			}
		}
	}
}

// TestWhatStandsOpen: what is read without a token says nothing of those who have one.
func TestWhatStandsOpen(t *testing.T) {
	s := newSite(t, nil)
	for _, token := range []string{s.everything(t, storeA), s.everything(t, storeB), s.token(t)} {
		for _, path := range []string{"/v1/query?metrics=gmv&group_by=store__name", "/v1/reports/funnel?store=" + storeB, "/v1/nothing?store=" + storeB} {
			s.get(t, token, path)
		}
	}
	for _, path := range []string{"/healthz", "/readyz", "/metrics", "/openapi.json", "/"} {
		r := s.get(t, "", path)
		for _, sign := range []string{storeA, storeB, "Ana", "Bruno", "8hidden"} {
			if strings.Contains(r.text, sign) || r.status != http.StatusOK {
				t.Errorf("%s: %d, it has %q", path, r.status, sign)
			}
		}
	}
}

// TestStrangeBodies: what a body says twice, or in other letters, or beside the address, is
// checked as it is used.
func TestStrangeBodies(t *testing.T) {
	s := newSite(t, nil)
	a := s.token(t, storeA)
	for body, want := range map[string]int{
		`{"metrics":["gmv"],"stores":["` + storeA + `"],"stores":["` + storeB + `"]}`: 403,
		`{"metrics":["gmv"],"stores":["` + storeB + `"],"stores":["` + storeA + `"]}`: 200,
		`{"metrics":["gmv"],"STORES":["` + storeB + `"]}`:                             403,
		`{"metrics":["gmv"],"stores":["` + storeB + `",null]}`:                        403,
		`{"metrics":["gmv"],"stores":[null]}`:                                         400,
		`{"metrics":["gmv"],"stores":null}`:                                           200,
		`{"metrics":["gmv"],"stores":[]}`:                                             200,
		`[{"metrics":["gmv"]}]`:                                                       400,
		`null`:                                                                        400,
		"\ufeff" + `{"metrics":["gmv"]}`:                                              400,
		`{"saved_query":"shops","stores":["` + storeB + `"]}`:                         403,
		`{"saved_query":"shops","where":["store = '` + storeB + `'"]}`:                200,
		`{"saved_query":"shops"}`:                                                     200,
	} {
		r := s.do(t, "POST", a, "/v1/query?stores="+storeB+"&store="+storeB, body)
		if r.status != want || r.leak(body) != "" {
			t.Errorf("%s: %d %s", body, r.status, r.text)
		}
	}
	if got := s.do(t, "POST", a, "/v1/query", `{"saved_query":"shops"}`).rows(t); got != `[["Ana","73.50"]]` {
		t.Errorf("a saved query: %s", got)
	}
	if got := s.get(t, s.token(t), "/v1/query?saved_query=shops&stores="+storeB).rows(t); got != fmt.Sprintf(`[["Bruno 8",%q]]`, "71111.04") {
		t.Errorf("a saved query of B: %s", got)
	}
}
