package api

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/serve/auth"
)

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

// TestManyStores: a token may name as many stores as tokens may, whatever is asked.
func TestManyStores(t *testing.T) {
	s := newSite(t, nil)
	stores := []string{storeA}
	for i := range 999 {
		stores = append(stores, fmt.Sprintf("cccccccc-0000-4000-8000-%012d", i))
	}
	token := s.token(t, stores...)
	path := "/v1/query?metrics=gmv,funnel,shoes,hats&start=2026-11-01&end=2026-11-08&compare=previous_period"
	if r := s.get(t, token, path); r.status != 200 || !strings.Contains(r.text, `["73.50",null,null,`) {
		t.Errorf("%d %s", r.status, r.text)
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
	for store, views := range map[string]int{storeA: 7, storeB: 88, (event.ID{}).String(): 888} {
		s.setViews(t, store, views)
	}
}

// setViews writes today's as the streams do.
func (s *site) setViews(t *testing.T, store string, views int) {
	t.Helper()
	o, err := goredis.ParseURL(s.redis)
	if err != nil {
		t.Fatal(err)
	}
	c := goredis.NewClient(o)
	defer func() { _ = c.Close() }()
	if err := c.HSet(t.Context(), "tiendi:day:2026-11-20:"+store, "views", views).Err(); err != nil {
		t.Fatal(err)
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
		"/v1/live?store=":          {s.token(t), `"views":888,`, 200},
		"/v1/live?store=" + storeB: {s.token(t, storeA), "does not cover", 403},
		"/v1/live?store=00000000-0000-0000-0000-000000000000": {s.token(t, storeA), "does not cover", 403},
		"/v1/live?store=" + storeA + "&store=" + storeB:       {s.token(t, storeA), "given 2 times", 400},
		"/v1/live?store=x": {s.token(t), "UUID", 400},
		"/v1/live?store=&": {s.token(t, storeA, storeB), "say which store", 400},
	} {
		if r := s.get(t, want.token, path); r.status != want.status || !strings.Contains(r.text, want.text) {
			t.Errorf("%s: %d %s", path, r.status, r.text)
		}
	}
	s.follow(t)
}

// follow reads a stream: what is there, what changes, and its end when the server stops.
func (s *site) follow(t *testing.T) {
	t.Helper()
	events := s.openStream(t, s.token(t, storeA))
	for _, views := range []int{7, 9} {
		s.setViews(t, storeA, views)
		event, err := readEvent(events)
		if want := fmt.Sprintf(`"today":{"views":%d,`, views); err != nil || !strings.HasPrefix(event, "event: figures\ndata: {\"store\":\""+storeA) || !strings.Contains(event, want) {
			t.Fatalf("%q, %v, want %s", event, err, want)
		}
	}
	s.setViews(t, storeB, 99) // is nothing to A
	close(s.server.stopping)
	if rest, err := io.ReadAll(events); err != nil || len(rest) > 0 {
		t.Errorf("then %q, %v", rest, err)
	}
}

// openStream follows live figures.
func (s *site) openStream(t testing.TB, token string) *bufio.Reader {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/v1/live/stream", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = resp.Body.Close() })
	return bufio.NewReader(resp.Body)
}
