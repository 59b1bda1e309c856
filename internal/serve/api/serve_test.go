package api

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/tiendi/tiendi/internal/cache/cachetest"
	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/local/localtest"
	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/semantic"
	"github.com/tiendi/tiendi/internal/serve/auth"
	"github.com/tiendi/tiendi/internal/serve/live"
	"github.com/tiendi/tiendi/internal/serve/metabase"
	"github.com/tiendi/tiendi/internal/warehouse"
	"github.com/tiendi/tiendi/internal/warehouse/warehousetest"
)

func TestMain(m *testing.M) { localtest.Main(m) }

const (
	storeA = "aaaaaaaa-0000-4000-8000-000000000001"
	storeB = "bbbbbbbb-0000-4000-8000-000000000002"
	secret = "0123456789abcdef0123456789abcdef"
)

const definitions = `semantic_models:
  - name: sales
    model: ref('sales_mart')
    defaults: {agg_time_dimension: date}
    primary_entity: sale
    entities: [{name: store, type: foreign, expr: store_id}]
    dimensions:
      - {name: date, type: time, type_params: {time_granularity: day}}
      - {name: category, type: categorical}
    measures:
      - {name: gmv, agg: sum}
      - {name: orders, agg: sum}
  - name: steps
    model: ref('funnel_mart')
    defaults: {agg_time_dimension: date}
    primary_entity: funnel
    entities: [{name: store, type: foreign, expr: store_id}]
    dimensions:
      - {name: date, type: time, type_params: {time_granularity: day}}
      - {name: step_number, type: categorical}
      - {name: step, type: categorical}
      - {name: traffic_source, type: categorical}
      - {name: device_type, type: categorical}
    measures: [{name: funnel, agg: sum, expr: sessions}]
  - name: stores
    model: ref('dim_store')
    entities: [{name: store, type: primary, expr: store_id}]
    dimensions: [{name: name, type: categorical}]
metrics:
  - {name: gmv, label: GMV, description: What was sold., type: simple, type_params: {measure: gmv}, config: {meta: {unit: money}}}
  - {name: orders, description: Orders., type: simple, type_params: {measure: orders}}
  - {name: funnel, description: Sessions by step., type: simple, type_params: {measure: funnel}}
  - {name: shoes, description: Shoes., type: simple, type_params: {measure: orders}, filter: "{{ Dimension('sale__category') }} = 'shoes'"}
  - {name: hats, description: Hats., type: simple, type_params: {measure: orders}, filter: "{{ Dimension('sale__category') }} = 'hats'"}
  - {name: aov, description: Average order., type: ratio, type_params: {numerator: gmv, denominator: orders}}
saved_queries:
  - {name: shops, description: What each shop sells., query_params: {metrics: [gmv], group_by: ["Dimension('store__name')"], order_by: ["-gmv"]}}
`

// shopTables hold the figures of two stores; what is B's is easily told.
var shopTables = []string{
	"CREATE TABLE sales_mart (store_id UUID, date Date, category String, gmv Decimal(18,2), orders UInt64) ENGINE = MergeTree ORDER BY (store_id, date)",
	"INSERT INTO sales_mart SELECT '" + storeA + "', '2026-11-01'::Date + number, if(number % 2 = 0, 'shoes', 'hats'), toDecimal64('10.5', 2), 1 FROM numbers(7)",
	"INSERT INTO sales_mart SELECT '" + storeB + "', '2026-11-01'::Date, '8hidden', toDecimal64('8888.88', 2), 88 FROM numbers(8)",
	"CREATE TABLE dim_store (store_id UUID, name String) ENGINE = MergeTree ORDER BY store_id",
	"INSERT INTO dim_store VALUES ('" + storeA + "', 'Ana'), ('" + storeB + "', 'Bruno 8')",
	"CREATE TABLE people (name String) ENGINE = MergeTree ORDER BY name",
	"INSERT INTO people VALUES ('someone 8')",
	"CREATE VIEW sales_view AS SELECT * FROM sales_mart",
	"CREATE VIEW daily_metrics AS SELECT store_id, date FROM sales_mart",
	"CREATE TABLE funnel_mart (store_id UUID, date Date, step_number UInt8, step String, traffic_source String, device_type String, sessions UInt64) ENGINE = MergeTree ORDER BY (store_id, date)",
	"INSERT INTO funnel_mart VALUES ('" + storeA + "', '2026-11-05', 1, 'visit', 'google', 'mobile', 40), ('" + storeA + "', '2026-11-05', 2, 'purchase_completed', 'google', 'mobile', 10)",
	"INSERT INTO funnel_mart VALUES ('" + storeB + "', '2026-11-01', 1, 'visit', '8hidden', '8hidden', 8888), ('" + storeB + "', '2026-11-01', 2, 'purchase_completed', '8hidden', 'mobile', 888)",
	"CREATE TABLE calendar (day Date) ENGINE = MergeTree ORDER BY day",
	"INSERT INTO calendar VALUES ('2026-11-01')",
}

// site is a server over a real engine and a real Redis.
type site struct {
	*httptest.Server
	server *Server
	db     *warehouse.Client
	redis  string
	log    *bytes.Buffer
	now    atomic.Pointer[time.Time]
	tokens auth.Options
}

func newSite(t testing.TB, change func(*Options)) *site {
	t.Helper()
	s := &site{db: warehousetest.Open(t), redis: "unix://" + cachetest.Start(t), log: &bytes.Buffer{}}
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	s.now.Store(&now)
	clock := func() time.Time { return *s.now.Load() }
	for _, sql := range shopTables {
		s.exec(t, sql)
	}
	database := s.db.Config().Database
	man, err := semantic.Load([]semantic.File{{Path: "metrics.yml", Text: []byte(definitions)}}, func(ref project.Ref) (project.Relation, bool) {
		return project.Relation{Schema: database, Identifier: ref.Name}, true
	}, nil, semantic.Options{TimeZone: "UTC"})
	if err != nil {
		t.Fatal(err)
	}
	s.tokens = auth.Options{Issuer: "shop", Audience: "tiendi", Secret: []byte(secret), Clock: clock, Log: slog.New(slog.DiscardHandler)}
	verifier, err := auth.New(t.Context(), s.tokens)
	if err != nil {
		t.Fatal(err)
	}
	figures, err := live.New(s.redis, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	answers, err := NewRedisAnswers(s.redis)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = figures.Close(), answers.Close() })
	o := Options{
		Verifier: verifier, Metrics: man, Pulse: "orders", Category: "sale__category", Currency: "USD", Warehouse: s.db, Database: database,
		Tables: []string{"sales_mart", "dim_store", "funnel_mart", "daily_metrics", "people", "sales_view", "calendar"}, Shared: []string{"calendar"},
		Live: figures, Answers: answers, Reports: siteReports{man, database},
		Anomalies: siteAnomalies{database, "", new(atomic.Int32), nil}, Searched: searchedTables,
		Metabase: &metabase.Site{URL: "https://metabase.shop.example", Secret: "embedding", Dashboards: map[string]int{"Sales": 7, "hidden": 8}}, Origins: []string{"https://shop.example"}, Registry: prometheus.NewRegistry(),
		Clock: clock, Log: slog.New(slog.NewTextHandler(s.log, nil)),
	}
	if change != nil {
		change(&o)
	}
	if s.server, err = New(o); err != nil {
		t.Fatal(err)
	}
	s.Server = httptest.NewServer(s.server.Handler())
	t.Cleanup(s.Close)
	return s
}

func (s *site) exec(t testing.TB, sql string) {
	t.Helper()
	if _, err := s.db.Exec(context.Background(), sql); err != nil {
		t.Fatal(err)
	}
}

// later moves the clock.
func (s *site) later(d time.Duration) {
	now := s.now.Load().Add(d)
	s.now.Store(&now)
}

// token is one of these stores, or the platform's for none.
func (s *site) token(t testing.TB, stores ...string) string {
	t.Helper()
	return s.sign(t, auth.Principal{Subject: "ana", Scopes: []auth.Scope{auth.Metrics, auth.Live}, Expires: s.now.Load().Add(time.Hour)}, stores)
}

// sign makes a token of these stores, or of the platform for none.
func (s *site) sign(t testing.TB, p auth.Principal, stores []string) string {
	t.Helper()
	for _, text := range stores {
		p.Stores = append(p.Stores, id(t, text))
	}
	if len(stores) == 0 {
		p.Scopes = append(p.Scopes, auth.Platform)
	}
	token, err := auth.Sign(s.tokens, p, *s.now.Load())
	if err != nil {
		t.Fatal(err)
	}
	return token
}

func id(t testing.TB, text string) event.ID {
	t.Helper()
	id, err := event.ParseID([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return id
}

type reply struct {
	status int
	header http.Header
	text   string
	asked  *http.Request // the last, after redirections
}

// get asks with headers of "Name: value".
func (s *site) get(t testing.TB, token, path string, headers ...string) reply {
	t.Helper()
	return s.do(t, http.MethodGet, token, path, "", headers...)
}

func (s *site) do(t testing.TB, method, token, path, body string, headers ...string) reply {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, s.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := readAnswer(resp)
	if err != nil {
		t.Fatal(err)
	}
	return reply{resp.StatusCode, resp.Header, text, resp.Request}
}

// readAnswer reads all of it, but of a stream its first event.
func readAnswer(resp *http.Response) (string, error) {
	if resp.Header.Get("Content-Type") != "text/event-stream" {
		text, err := io.ReadAll(resp.Body)
		return string(text), err
	}
	return readEvent(bufio.NewReader(resp.Body))
}

// readEvent reads one event of a stream.
func readEvent(lines *bufio.Reader) (string, error) {
	var event strings.Builder
	for {
		line, err := lines.ReadString('\n')
		event.WriteString(line)
		if err != nil || line == "\n" {
			return event.String(), err
		}
	}
}

// rows are an answer's, as text.
func (r reply) rows(t testing.TB) string {
	t.Helper()
	var a struct{ Rows []json.RawMessage }
	if err := json.Unmarshal([]byte(r.text), &a); err != nil || r.status != 200 {
		t.Fatalf("status %d, %v: %s", r.status, err, r.text)
	}
	return fmt.Sprintf("%s", a.Rows)
}

func TestQuery(t *testing.T) {
	s := newSite(t, nil)
	all, a := s.token(t), s.token(t, storeA)
	for path, want := range map[string]string{
		"/v1/query?metrics=gmv,orders&group_by=store__name&order_by=store__name":                               `[["Ana","73.50",7] ["Bruno 8","71111.04",704]]`,
		"/v1/query?metrics=gmv&group_by=store__name&stores=" + storeA:                                          `[["Ana","73.50"]]`,
		"/v1/query?metrics=gmv,aov&group_by=metric_time__day&start=2026-11-02&end=2026-11-04&stores=" + storeA: `[["2026-11-02","10.50",10.5] ["2026-11-03","10.50",10.5]]`,
		"/v1/query?metrics=gmv&where=sale__category+%3D+%27hats%27":                                            `[["31.50"]]`,
	} {
		if got := s.get(t, all, path).rows(t); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	if got := s.get(t, a, "/v1/query?metrics=gmv,orders&group_by=store__name").rows(t); got != `[["Ana","73.50",7]]` {
		t.Errorf("a vendor: %s", got)
	}
	post := s.do(t, http.MethodPost, a, "/v1/query", `{"metrics":["orders"],"group_by":["sale__category"],"order_by":["-orders"]}`)
	if got := post.rows(t); got != `[["shoes",4] ["hats",3]]` {
		t.Errorf("POST: %s", got)
	}
	csv := s.get(t, a, "/v1/query?metrics=gmv,orders&group_by=store__name", "Accept: text/csv")
	if csv.text != "store__name,gmv,orders\nAna,73.50,7\n" || csv.header.Get("Content-Type") != "text/csv; charset=utf-8" {
		t.Errorf("CSV: %q %v", csv.text, csv.header)
	}
}

// TestStrangeConditions: what is wrong with a condition is the question's fault, and never
// the warehouse's.
func TestStrangeConditions(t *testing.T) {
	s := newSite(t, nil)
	token := s.token(t, storeA)
	for condition, want := range map[string]int{
		"metric_time__extract_dow % 0 = 1": 200, "{{ Metric('gmv', ['store']) }} / 0 > 1": 200, "{{ Metric('orders', ['store']) }} % {{ Metric('hats', ['store']) }} > 1": 200,
		"lower() = 'a' or store__name = 'x'": 400, "lower(store__name, 1) = 'a'": 400, "nullif(store__name) = 'a'": 400, "today(1) = metric_time__day": 400, "trim(store__name, store__name) = 'x'": 400,
		`store__name like 'abc\'`: 400, "round(metric_time__extract_dow, 999999) = 1": 400, "store__name = 3": 400, "metric_time__day = 'x'": 400, "store = 'x'": 400, "store__name": 400,
	} {
		if r := s.get(t, token, "/v1/query?metrics=gmv&where="+url.QueryEscape(condition)); r.status != want {
			t.Errorf("%s: %d %s", condition, r.status, r.text)
		}
	}
}

func TestPages(t *testing.T) {
	s := newSite(t, nil)
	token := s.token(t, storeA)
	path := "/v1/query?metrics=orders&group_by=metric_time__day&order_by=metric_time__day&limit=3"
	var days []string
	for cursor := ""; ; {
		r := s.get(t, token, path+cursor)
		days = append(days, r.rows(t))
		var a struct{ Next string }
		if err := json.Unmarshal([]byte(r.text), &a); err != nil {
			t.Fatal(err)
		}
		if a.Next == "" {
			break
		}
		cursor = "&cursor=" + a.Next
	}
	if got := strings.Join(days, " "); got != `[["2026-11-01",1] ["2026-11-02",1] ["2026-11-03",1]] [["2026-11-04",1] ["2026-11-05",1] ["2026-11-06",1]] [["2026-11-07",1]]` {
		t.Error(got)
	}
	first := s.get(t, token, path+"&format=csv")
	next := first.header.Get("X-Next-Cursor")
	if next == "" {
		t.Fatalf("CSV has no cursor: %v", first.header)
	}
	s.exec(t, "INSERT INTO sales_mart VALUES ('"+storeA+"', '2026-11-01', 'new', 1, 1)")
	s.later(2 * dataFor)
	if r := s.get(t, token, path+"&format=csv&cursor="+next); r.status != http.StatusGone || !strings.Contains(r.text, "begin again") {
		t.Errorf("a page of other data: %d %s", r.status, r.text)
	}
	for _, bad := range []string{"x", "eyJvIjotMSwidiI6IjEifQ", "eyJvIjo5OTk5OTk5OTksInYiOiIxIn0"} {
		if r := s.get(t, token, path+"&cursor="+bad); r.status != 400 {
			t.Errorf("cursor %s: %d %s", bad, r.status, r.text)
		}
	}
}

// TestKept: an answer is given again without the warehouse, until the data change.
func TestKept(t *testing.T) {
	s := newSite(t, nil)
	token := s.token(t, storeA)
	path := "/v1/query?metrics=gmv"
	first := s.get(t, token, path)
	tag := first.header.Get("ETag")
	if r := s.get(t, token, path, "If-None-Match: "+tag); r.status != 304 || r.text != "" {
		t.Errorf("the same again: %d %s", r.status, r.text)
	}
	if r := s.get(t, token, path); r.text != first.text || !strings.Contains(s.log.String(), "cached=true") {
		t.Errorf("not kept: %s\n%s", r.text, s.log)
	}
	if r := s.get(t, s.token(t), path); r.header.Get("ETag") == tag || r.text == first.text {
		t.Errorf("the platform gets the vendor's answer: %s", r.text)
	}
	s.exec(t, "INSERT INTO sales_mart VALUES ('"+storeA+"', '2026-11-01', 'new', 100, 1)")
	s.later(2 * dataFor)
	if r := s.get(t, token, path, "If-None-Match: "+tag); r.status != 200 || r.rows(t) != `[["173.50"]]` {
		t.Errorf("after an insert: %d %s", r.status, r.text)
	}
}
