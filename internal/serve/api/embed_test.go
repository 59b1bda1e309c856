package api

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/serve/auth"
)

// chartOf makes a token of one chart, of a store or of the platform.
func (s *site) chartOf(t testing.TB, store string, change func(*auth.Embed)) string {
	t.Helper()
	e := &auth.Embed{Metrics: []string{"gmv"}, GroupBy: []string{"metric_time__day"}, Period: "3d", Store: store, Ancestors: []string{"https://shop.example", "https://b.example:8443"}}
	if change != nil {
		change(e)
	}
	token, err := auth.Sign(s.tokens, auth.Principal{Subject: "chart", Embed: e, Expires: s.now.Load().Add(time.Hour)}, *s.now.Load())
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// TestEmbed: a link shows its chart to the pages that it names.
func TestEmbed(t *testing.T) {
	s := newSite(t, nil)
	a, all := s.chartOf(t, storeA, nil), s.chartOf(t, "", func(e *auth.Embed) {
		e.GroupBy, e.Period, e.Start, e.End, e.Theme, e.Language, e.Title = []string{"store__name"}, "", "2026-11-01", "2026-11-03", "dark", "en", `Sales <of> "all"`
	})
	if got := s.get(t, a, "/v1/embed").rows(t); got != `[["2026-11-05","10.50"] ["2026-11-06","10.50"] ["2026-11-07","10.50"]]` {
		t.Errorf("the last three days: %s", got)
	}
	if got := s.get(t, all, "/v1/embed").rows(t); got != `[["Bruno 8","71111.04"] ["Ana","21.00"]]` {
		t.Errorf("of the platform: %s", got)
	}
	page := s.get(t, "", "/embed?token="+all)
	policy := page.header.Get("Content-Security-Policy")
	if page.status != 200 || !strings.Contains(policy, "default-src 'none'") || !strings.HasSuffix(policy, "; frame-ancestors https://shop.example https://b.example:8443") {
		t.Errorf("%d %s", page.status, policy)
	}
	for _, want := range []string{`<html lang="en" data-theme="dark" data-currency="USD">`, "<title>Sales &lt;of&gt; &#34;all&#34;</title>"} {
		if !strings.Contains(page.text, want) {
			t.Errorf("the page lacks %s: %s", want, page.text)
		}
	}
	for path, want := range map[string]int{
		"/embed": 401, "/embed?token=": 401, "/embed?token=x": 401, "/embed?token=" + a + "&token=" + a: 401, "/embed?token=" + s.token(t, storeA): 403, "/embed.html": 404,
	} {
		r := s.get(t, a, path)
		if r.status != want || !strings.Contains(r.header.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
			t.Errorf("%.30s: %d %v", path, r.status, r.header)
		}
	}
	if r := s.get(t, a, "/v1/embed?stores="+storeB); r.status != 400 {
		t.Errorf("with a parameter: %d %s", r.status, r.text)
	}
	if r := s.get(t, s.chartOf(t, storeA, func(e *auth.Embed) { e.Metrics = []string{"gvm"} }), "/v1/embed"); r.status != 400 || !strings.Contains(r.text, "gmv") {
		t.Errorf("of no metric: %d %s", r.status, r.text)
	}
	s.later(2 * time.Hour)
	if r := s.get(t, a, "/v1/embed"); r.status != 401 || !strings.Contains(r.text, "expired") {
		t.Errorf("after its end: %d %s", r.status, r.text)
	}
}

// TestEmbedOpensNothingElse: neither a store's chart nor the platform's is let in anywhere
// but at its own two addresses; and those who look at it use up nobody's allowance.
func TestEmbedOpensNothingElse(t *testing.T) {
	s := newSite(t, func(o *Options) { o.Limits.Rate, o.Limits.Queries = 2, 20 })
	s.fillSuggestions(t)
	a, all := s.chartOf(t, storeA, nil), s.chartOf(t, "", nil)
	for _, r := range s.server.routes() {
		method, path, _ := strings.Cut(r.pattern, " ")
		path = strings.ReplaceAll(path, "{name}", "gmv")
		want := 403
		if r.scope == auth.Embedded {
			want = 200
		}
		for _, token := range []string{a, all} {
			if got := s.do(t, method, token, path+"?token="+url.QueryEscape(token), ""); got.status != want && path != "/v1/embed" {
				t.Errorf("%s: %d %s", r.pattern, got.status, got.text)
			}
		}
		s.later(time.Minute)
	}
	refused := 0
	for range 200 {
		if s.get(t, a, "/v1/embed").status == 429 {
			refused++
		}
	}
	if refused == 0 {
		t.Error("who looks at a chart may ask without end")
	}
	if r := s.get(t, s.token(t, storeA), "/v1/query?metrics=gmv"); r.status != 200 {
		t.Errorf("and the vendor gets %d: %s", r.status, r.text)
	}
}
