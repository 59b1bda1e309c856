package api

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/serve/auth"
)

// product is the id of a product; those from 8 on are B's.
func product(n int) string { return fmt.Sprintf("00000000-0000-4000-8000-%012d", n) }

// fillSuggestions makes tables as the models do: of A the products 1 to 3, of B 8 and 9.
func (s *site) fillSuggestions(t testing.TB) {
	t.Helper()
	zero := event.ID{}.String()
	for _, sql := range []string{
		"CREATE TABLE dim_product (product_id UUID, name String, store_id UUID, category String) ENGINE = MergeTree ORDER BY product_id",
		"CREATE TABLE product_affinity (scope LowCardinality(String), store_id UUID, product_id UUID, related_product_id UUID, score Float64) ENGINE = MergeTree ORDER BY (scope, store_id, product_id)",
		"CREATE TABLE product_popularity (scope LowCardinality(String), store_id UUID, product_id UUID, seller_id UUID, category String, strength Float64, rank UInt64, rank_in_category UInt64) ENGINE = MergeTree ORDER BY (scope, store_id)",
		values("dim_product", product(1), "Teapot", storeA, "tea", product(2), "Mug", storeA, "mugs", product(3), "Tea", storeA, "tea",
			product(8), "8hidden cup", storeB, "mugs", product(9), "8hidden tea", storeB, "tea"),
		values("product_affinity", "platform", zero, product(1), product(8), 0.5, "store", storeA, product(1), product(2), 0.25, "store", storeB, product(8), product(9), 0.125),
		values("product_popularity", "platform", zero, product(2), storeA, "mugs", 9, 1, 1, "store", storeA, product(3), storeA, "tea", 5, 1, 1,
			"store", storeB, product(9), storeB, "tea", 7, 1, 1),
	} {
		s.exec(t, sql)
	}
}

// values fills a table, row by row.
func values(table string, all ...any) string {
	width := map[string]int{"dim_product": 4, "product_affinity": 5, "product_popularity": 8}[table]
	var rows []string
	for row := range slices.Chunk(all, width) {
		texts := make([]string, width)
		for i, v := range row {
			texts[i] = "'" + fmt.Sprint(v) + "'"
		}
		rows = append(rows, "("+strings.Join(texts, ", ")+")")
	}
	return "INSERT INTO " + table + " VALUES " + strings.Join(rows, ", ")
}

// publishable is a token that may ask for suggestions and do nothing else.
func (s *site) publishable(t testing.TB, stores ...string) string {
	t.Helper()
	return s.sign(t, auth.Principal{Subject: "shop", Scopes: []auth.Scope{auth.Recommendations}, Expires: s.now.Load().Add(365 * 24 * time.Hour)}, stores)
}

// suggested are an answer's products with their reasons.
func (r reply) suggested(t testing.TB) string {
	t.Helper()
	var a suggestions
	if err := json.Unmarshal([]byte(r.text), &a); err != nil || r.status != 200 {
		t.Fatalf("status %d, %v: %s", r.status, err, r.text)
	}
	var all []string
	for _, one := range a.Suggestions {
		all = append(all, one.Name+" "+string(one.Reason))
	}
	return strings.Join(all, ", ")
}

func TestSuggestions(t *testing.T) {
	s := newSite(t, nil)
	s.fillSuggestions(t)
	all, a, both := s.publishable(t), s.publishable(t, storeA), s.publishable(t, storeA, storeB)
	for _, c := range []struct{ token, parameters, want string }{
		{all, "product=" + product(1), "8hidden cup together, Mug popular"},
		{all, "product=" + product(1) + "&limit=1", "8hidden cup together"},
		{all, "store=" + storeA + "&product=" + product(1), "Mug together, Tea category"},
		{all, "", "Mug popular"},
		{a, "product=" + product(1), "Mug together, Tea category"},
		{a, "product=" + product(3) + "&product=" + product(1), "Mug together"},
		{a, "", "Tea popular"},
		{a, "product=" + product(8), "Tea popular"}, // of another store nothing is known, its category neither
		{both, "store=" + storeB + "&product=" + product(8), "8hidden tea together"},
	} {
		if got := s.get(t, c.token, "/v1/recommendations?"+c.parameters).suggested(t); got != c.want {
			t.Errorf("%s: %q, want %q", c.parameters, got, c.want)
		}
	}
	many := strings.Repeat("product="+product(1)+"&", maxLookedAt+1)
	for parameters, want := range map[string]int{
		"product=lamp": 400, "limit=0": 400, "limit=51": 400, "limit=x": 400, "limit=1&limit=2": 400, "metrics=gmv": 400, "%zz": 400, many: 400,
		"store=" + storeB: 403, "store=" + event.ID{}.String(): 403, "store=x": 400, "store=" + storeA + "&store=" + storeB: 400, "store=" + storeB + "&store=" + storeA: 400,
	} {
		if r := s.get(t, a, "/v1/recommendations?"+parameters); r.status != want || !strings.HasPrefix(r.header.Get("Content-Type"), "application/problem") {
			t.Errorf("%.60s: %d %.200s", parameters, r.status, r.text)
		}
	}
	if r := s.get(t, both, "/v1/recommendations"); r.status != 400 {
		t.Errorf("of no store: %d %s", r.status, r.text)
	}
}

// TestSuggestionsAreFenced reads past the SQL: the engine gives a store's rows alone.
func TestSuggestionsAreFenced(t *testing.T) {
	s := newSite(t, nil)
	s.fillSuggestions(t)
	for store, want := range map[string][]int{storeA: {1, 1, 3}, storeB: {1, 1, 2}, event.ID{}.String(): {3, 3, 5}} {
		source := s.server.suggestionSource(uuid.MustParse(store))
		for i, table := range suggestionTables {
			rows, err := source.Warehouse.Query(t.Context(), "SELECT * FROM "+table+" WHERE store_id != toUUID('"+store+"') OR 1")
			if err != nil {
				t.Fatal(err)
			}
			n := 0
			for rows.Next() {
				n++
			}
			if err := rows.Close(); n != want[i] || err != nil {
				t.Errorf("%d rows of %s for %s, want %d (%v)", n, table, store, want[i], err)
			}
		}
	}
}

// TestTokenOfAPage: a token that names origins is refused to all other pages, and to what
// is no page.
func TestTokenOfAPage(t *testing.T) {
	s := newSite(t, nil)
	s.fillSuggestions(t)
	token := s.sign(t, auth.Principal{
		Subject: "shop", Scopes: []auth.Scope{auth.Recommendations}, Expires: s.now.Load().Add(time.Hour), Origins: []string{"https://ana.example"},
	}, []string{storeA})
	for origin, want := range map[string]int{"https://ana.example": 200, "https://shop.example": 403, "https://ana.example.evil": 403, "null": 403, "": 403} {
		var headers []string
		if origin != "" {
			headers = []string{"Origin: " + origin}
		}
		r := s.get(t, token, suggestionsPath, headers...)
		allowed := r.header.Get("Access-Control-Allow-Origin")
		if r.status != want || want == 200 && (allowed != origin || r.header.Get("Vary") == "") || origin == "https://ana.example.evil" && allowed != "" {
			t.Errorf("%q: %d %v %s", origin, r.status, r.header, r.text)
		}
	}
	// The browser asks before it sends the token.
	if r := s.do(t, "OPTIONS", "", suggestionsPath, "", "Origin: https://ana.example"); r.status != 204 || r.header.Get("Access-Control-Allow-Origin") != "https://ana.example" {
		t.Errorf("asked before: %d %v", r.status, r.header)
	}
	if r := s.do(t, "OPTIONS", "", "/v1/query", "", "Origin: https://ana.example"); r.header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("asked before of something else: %v", r.header)
	}
}

// TestLimitOfAnAddress: one address has its limit whatever tokens it has, and nobody else's.
func TestLimitOfAnAddress(t *testing.T) {
	s := newSite(t, func(o *Options) {
		o.Limits.AddressRate = 1
		o.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	})
	a, all := s.token(t, storeA), s.token(t)
	for i, c := range []struct {
		token, from string
		want        int
	}{
		{a, "203.0.113.7", 200}, {"x", "203.0.113.7", 401}, {all, "203.0.113.7", 429},
		{a, "203.0.113.8", 200}, {a, "203.0.113.99, 203.0.113.7", 429},
	} {
		r := s.get(t, c.token, "/v1/metrics", "X-Forwarded-For: "+c.from)
		if r.status != c.want || c.want == 429 && r.header.Get("Retry-After") != "1" {
			t.Errorf("%d: %d %v %s", i, r.status, r.header, r.text)
		}
	}
}

// TestSuggestionsAreKept: they are good for five minutes, for browsers, too.
func TestSuggestionsAreKept(t *testing.T) {
	s := newSite(t, nil)
	s.fillSuggestions(t)
	a := s.publishable(t, storeA)
	var last20 string
	for n := range 20 {
		last20 += "&product=" + product(100+n)
	}
	long := s.get(t, a, "/v1/recommendations?product="+product(1)+last20)
	first := s.get(t, a, "/v1/recommendations")
	if first.suggested(t) != "Tea popular" || first.header.Get("Cache-Control") != "private, max-age=300" {
		t.Fatalf("%+v", first)
	}
	s.exec(t, "DROP TABLE product_popularity SYNC")
	if again := s.get(t, a, "/v1/recommendations"); again.text != first.text {
		t.Errorf("again: %d %s", again.status, again.text)
	}
	for _, same := range []string{last20[1:], "product=" + product(2) + last20, "product=" + product(119) + last20} {
		if again := s.get(t, a, "/v1/recommendations?"+same); again.text != long.text {
			t.Errorf("of the same last 20: %d %s, want %s", again.status, again.text, long.text)
		}
	}
	if r := s.get(t, a, "/v1/recommendations", "If-None-Match: "+first.header.Get("ETag")); r.status != 304 || r.text != "" {
		t.Errorf("not changed: %d %s", r.status, r.text)
	}
	s.later(suggestionsFor)
	if r := s.get(t, a, "/v1/recommendations"); r.status != 503 || !strings.Contains(r.text, "tiendi build") {
		t.Errorf("without tables: %d %s", r.status, r.text)
	}
}

// TestPublishable: what is in a public page opens nothing else, tells nothing of another
// store, and does not use up what the vendor may ask.
func TestPublishable(t *testing.T) {
	s := newSite(t, func(o *Options) { o.Limits.Rate = 5 })
	s.fillSuggestions(t)
	a, all := s.publishable(t, storeA), s.publishable(t)
	for _, r := range s.server.routes() {
		method, path, _ := strings.Cut(r.pattern, " ")
		path = strings.ReplaceAll(path, "{name}", "gmv")
		for _, token := range []string{a, all} {
			if got := s.do(t, method, token, path+"?token="+token, ""); (got.status == 403) == (path == suggestionsPath) {
				t.Errorf("%s: %d %s", r.pattern, got.status, got.text)
			}
		}
	}
	refused := 0
	for i := range 300 {
		if s.get(t, a, "/v1/recommendations?limit="+fmt.Sprint(1+i%50)).status == 429 {
			refused++
		}
	}
	if refused == 0 {
		t.Error("shoppers may ask without end")
	}
	if r := s.get(t, s.token(t, storeA), "/v1/query?metrics=gmv"); r.status != 200 {
		t.Errorf("and the vendor gets %d: %s", r.status, r.text)
	}
	s.later(time.Hour)
	for _, parameter := range []string{"product", "store", "limit"} {
		for _, value := range []string{product(8), storeB, event.ID{}.String(), "' OR 1=1 --", product(1) + "') OR (1=1", "\\", "0x8", strings.Repeat("8", 5000)} {
			r := s.get(t, a, "/v1/recommendations?"+parameter+"="+url.QueryEscape(value), "X-Store-Id: "+storeB)
			if r.status >= 500 || r.status == 200 && (others(r.text) != "" || strings.Contains(r.text, product(9))) {
				t.Errorf("%s=%.50s: %d %.200s", parameter, value, r.status, r.text)
			}
		}
	}
}
