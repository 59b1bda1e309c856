package api

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/serve/auth"
)

// TestNothingOfAnotherStore has the vendor of A try all that he can send, with answers of B
// and of the platform unknown and known.
func TestNothingOfAnotherStore(t *testing.T) {
	s := newSite(t, func(o *Options) { o.Limits.Rate, o.Limits.Queries = 1e6, 1e6 })
	s.fillLive(t)
	a, b, all := s.token(t, storeA), s.token(t, storeB), s.token(t)
	zero := event.ID{}.String()
	injections := []string{
		storeB, zero, storeA + "," + storeB, "' OR 1=1 --", "1) OR (1=1", `"`, "`", "\\", "{{ Dimension('store__name') }}", "*", "%",
		"store__name = 'Bruno 8'", "store__name != 'Ana'", "store__name = 'Ana' OR 1 = 1", "store = '" + storeB + "'", "sale__category = '8hidden'",
		"1 UNION ALL SELECT name FROM people", "sales_mart; DROP TABLE people", "store__name) FROM dim_store --", "SETTINGS additional_table_filters = {}",
	}
	parameters := []string{"metrics", "group_by", "where", "start", "end", "order_by", "saved_query", "time_zone", "compare", "sparse", "stores", "limit", "cursor", "format", "store", "unknown"}
	bases := []string{"metrics=gmv,orders,aov&group_by=store,store__name", "metrics=gmv", "metrics=orders&group_by=sale__category,metric_time__day", "group_by=store__name", ""}
	var paths []string
	for _, base := range bases {
		paths = append(paths, "/v1/query?"+base)
		for _, p := range parameters {
			for _, value := range injections {
				paths = append(paths, "/v1/query?"+base+"&"+p+"="+url.QueryEscape(value))
			}
		}
	}
	for _, value := range append(injections, "") {
		paths = append(paths, "/v1/live?store="+url.QueryEscape(value), "/v1/metrics/"+url.PathEscape(value))
	}
	for _, state := range []string{"cold", "warm"} {
		for i, path := range paths {
			if state == "warm" && i%7 == 0 { // others have asked the same before
				s.get(t, all, path)
				s.get(t, b, path)
			}
			r := s.get(t, a, path, "X-Tenant: "+storeB, "X-Store-Id: "+storeB, "Cookie: store="+storeB, "X-Forwarded-User: bruno")
			if r.status >= 500 || r.status == 200 && others(r.text) != "" {
				t.Errorf("%s, %s: %d, %q in %.300s", state, path, r.status, others(r.text), r.text)
			}
		}
	}
	for _, token := range []string{"", "x.y.z", b[:len(b)-2] + "xx", strings.Split(a, ".")[0] + "." + strings.Split(b, ".")[1] + "." + strings.Split(a, ".")[2]} {
		if r := s.get(t, token, "/v1/query?metrics=gmv"); r.status != 401 || r.header.Get("WWW-Authenticate") == "" {
			t.Errorf("token %.20s: %d %s", token, r.status, r.text)
		}
	}
	if n := s.get(t, all, "/v1/query?metrics=gmv&group_by=store__name").rows(t); !strings.Contains(n, "Bruno 8") {
		t.Errorf("and the tables are as they were: %s", n)
	}
}

// others is what a text has of B, of the platform, or of nobody.
func others(text string) string {
	for _, sign := range []string{storeB, "Bruno", "hidden", "someone", "8888", "71111.04", "71184.54", "704", "711", `"views":88`, "101.01"} {
		if strings.Contains(text, sign) {
			return sign
		}
	}
	return ""
}

// TestFence reads past the planner: whatever the SQL says, the engine gives a vendor's rows.
func TestFence(t *testing.T) {
	s := newSite(t, nil)
	d, err := s.server.tables.now(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	count := func(sql string, stores []event.ID) string {
		rows, err := s.db.Query(t.Context(), sql, s.server.fence(d, stores))
		if err != nil {
			return err.Error()
		}
		defer func() { _ = rows.Close() }()
		n := 0
		for rows.Next() {
			n++
		}
		return fmt.Sprint(n, rows.Err())
	}
	a := []event.ID{id(t, storeA)}
	for sql, want := range map[string][3]string{
		"SELECT * FROM sales_mart":                                         {"15", "7", "0"},
		"SELECT * FROM sales_view":                                         {"15", "7", "0"},
		"SELECT * FROM (SELECT * FROM sales_mart AS x) AS y":               {"15", "7", "0"},
		"WITH c AS (SELECT * FROM dim_store) SELECT * FROM c":              {"2", "1", "0"},
		"SELECT * FROM sales_mart AS s JOIN dim_store AS d USING store_id": {"15", "7", "0"},
		"SELECT * FROM people":                                             {"1", "0", "0"},
		"SELECT * FROM calendar":                                           {"1", "1", "1"},
		"SELECT * FROM sales_mart WHERE 1 OR store_id = '" + storeB + "'":  {"15", "7", "0"},
	} {
		for i, stores := range [][]event.ID{nil, a, {}} {
			if got := count(sql, stores); got != want[i]+" <nil>" {
				t.Errorf("%s for %v: %s, want %s", sql, stores, got, want[i])
			}
		}
	}
	for _, sql := range []string{"INSERT INTO people VALUES ('x')", "DROP TABLE people", "CREATE TABLE x (a UInt8) ENGINE = Memory"} {
		if got := count(sql, a); !strings.Contains(strings.ToLower(got), "readonly") {
			t.Errorf("%s: %s", sql, got)
		}
	}
}

func TestScopes(t *testing.T) {
	s := newSite(t, nil)
	sign := func(p auth.Principal) string {
		p.Subject, p.Expires = "ana", s.now.Load().Add(time.Minute)
		token, err := auth.Sign(s.tokens, p, *s.now.Load())
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	a := []event.ID{id(t, storeA)}
	for name, c := range map[string]struct {
		p      auth.Principal
		path   string
		status int
	}{
		"metrics":                  {auth.Principal{Stores: a, Scopes: []auth.Scope{auth.Metrics}}, "/v1/query?metrics=gmv", 200},
		"no scope":                 {auth.Principal{Stores: a}, "/v1/query?metrics=gmv", 403},
		"live alone":               {auth.Principal{Stores: a, Scopes: []auth.Scope{auth.Live}}, "/v1/query?metrics=gmv", 403},
		"metrics alone":            {auth.Principal{Stores: a, Scopes: []auth.Scope{auth.Metrics}}, "/v1/live", 403},
		"recommendations alone":    {auth.Principal{Scopes: []auth.Scope{auth.Recommendations}}, "/v1/metrics", 403},
		"no store":                 {auth.Principal{Scopes: []auth.Scope{auth.Metrics}}, "/v1/query?metrics=gmv", 403},
		"platform without metrics": {auth.Principal{Scopes: []auth.Scope{auth.Platform}}, "/v1/query?metrics=gmv", 403},
	} {
		if r := s.get(t, sign(c.p), c.path); r.status != c.status {
			t.Errorf("%s: %d %s", name, r.status, r.text)
		}
	}
	token := sign(auth.Principal{Stores: a, Scopes: []auth.Scope{auth.Metrics}})
	if r := s.get(t, token, "/v1/metrics"); r.status != 200 {
		t.Fatalf("%d %s", r.status, r.text)
	}
	s.later(2 * time.Minute) // what was verified before is not believed for longer than it says
	if r := s.get(t, token, "/v1/metrics"); r.status != 401 || !strings.Contains(r.text, "expired") {
		t.Errorf("after its end: %d %s", r.status, r.text)
	}
}

func TestLimits(t *testing.T) {
	s := newSite(t, func(o *Options) { o.Limits.Rate, o.Limits.Queries = 3, 2 })
	a, b := s.token(t, storeA), s.token(t, storeB)
	var last reply
	for range 8 {
		last = s.get(t, a, "/v1/metrics")
	}
	if last.status != 429 || last.header.Get("Retry-After") != "1" || !strings.Contains(last.text, "limit of this tenant") {
		t.Errorf("%d %v %s", last.status, last.header, last.text)
	}
	if r := s.get(t, b, "/v1/metrics"); r.status != 200 {
		t.Errorf("another tenant: %d", r.status)
	}
	s.later(time.Minute)
	for i, want := range []int{200, 200, 429} {
		if r := s.get(t, a, fmt.Sprint("/v1/query?metrics=gmv&limit=", i+1)); r.status != want {
			t.Errorf("question %d: %d %s", i, r.status, r.text)
		}
	}
	if r := s.get(t, a, "/v1/query?metrics=gmv&limit=1"); r.status != 200 {
		t.Errorf("an answer that is known is free: %d %s", r.status, r.text)
	}
}

func (s *site) fillLive(t *testing.T) {
	t.Helper()
	o, err := goredis.ParseURL(s.redis)
	if err != nil {
		t.Fatal(err)
	}
	c := goredis.NewClient(o)
	t.Cleanup(func() { _ = c.Close() })
	for store, views := range map[string]int{storeA: 7, storeB: 88, (event.ID{}).String(): 888} {
		if err := c.HSet(t.Context(), "tiendi:day:2026-11-20:"+store, "views", views).Err(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestLive(t *testing.T) {
	s := newSite(t, nil)
	s.fillLive(t)
	for path, want := range map[string]struct {
		token, text string
		status      int
	}{
		"/v1/live":                 {s.token(t, storeA), `"views":7,`, 200},
		"/v1/live?store=" + storeA: {s.token(t), `"views":7,`, 200},
		"/v1/live?x":               {s.token(t), `"views":888,`, 200},
		"/v1/live?store=" + storeB: {s.token(t, storeA), "does not cover", 403},
		"/v1/live?store=00000000-0000-0000-0000-000000000000": {s.token(t, storeA), "does not cover", 403},
		"/v1/live?store=x": {s.token(t), "UUID", 400},
		"/v1/live?y":       {s.token(t, storeA, storeB), "say which store", 400},
	} {
		if r := s.get(t, want.token, path); r.status != want.status || !strings.Contains(r.text, want.text) {
			t.Errorf("%s: %d %s", path, r.status, r.text)
		}
	}
	s.follow(t)
}

// follow reads a stream until the server stops.
func (s *site) follow(t *testing.T) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/v1/live/stream", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+s.token(t, storeA))
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	part := make([]byte, 64<<10)
	n, err := resp.Body.Read(part)
	if err != nil || !strings.HasPrefix(string(part[:n]), "event: figures\ndata: {\"store\":\""+storeA) {
		t.Errorf("%q, %v", part[:n], err)
	}
	close(s.server.stopping)
	for err == nil {
		_, err = resp.Body.Read(part)
	}
	if err.Error() != "EOF" {
		t.Error(err)
	}
}
