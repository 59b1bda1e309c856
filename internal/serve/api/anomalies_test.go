package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/tiendi/tiendi/internal/report"
)

// siteAnomalies is the search of `tiendi report anomalies` in the test's shop.
type siteAnomalies struct {
	schema   string
	rules    string
	searches *atomic.Int32
	hold     chan struct{} // until it is closed, searches wait; nil: they do not
}

func (a siteAnomalies) Rules() string { return a.schema + a.rules }

func (a siteAnomalies) options(today time.Time) report.SearchOptions {
	return report.SearchOptions{Schema: a.schema, Zone: time.UTC, Today: today}
}

func (a siteAnomalies) Last(ctx context.Context, rows Warehouse, today time.Time) (time.Time, error) {
	last, err := report.LastComplete(ctx, rows, a.options(today))
	return last, missingReport(err)
}

func (a siteAnomalies) Search(ctx context.Context, rows Warehouse, today, last time.Time, days int) (f Found, err error) {
	a.searches.Add(1)
	if a.hold != nil {
		<-a.hold
	}
	o := a.options(today)
	o.Date, o.Days = last, days
	s, err := report.SearchAnomalies(ctx, rows, o)
	if err != nil {
		return f, err
	}
	f.Tested = s.Tested
	for i := len(s.Alerts) - 1; i >= 0; i-- {
		one := &s.Alerts[i]
		alert := FoundAlert{
			Date: one.Date.Format(time.DateOnly), Metric: one.Metric, Unit: string(one.Unit), GoodDown: one.GoodDown, Value: one.Value, Expected: one.Expected,
			Low: one.Low, High: one.High, Change: one.Change(), Since: one.Since.Format(time.DateOnly), Repeated: one.Repeated,
		}
		if one.Store != nil {
			alert.StoreID, alert.Store = one.Store.ID, one.Store.Name
		}
		f.Alerts = append(f.Alerts, alert)
	}
	return f, nil
}

// searchedTables are those of siteAnomalies; fillAnomalies makes them.
var searchedTables = []string{"daily_metrics", "traffic_mart", "payments_mart", "api_mart", "dim_store", "data_horizon"}

// fillAnomalies gives A, B and twelve more stores 220 days of about thirty orders. On the last
// but one A has 3; on the last B has 8888, and the platform 7118 sessions in place of 3000.
func (s *site) fillAnomalies(t testing.TB) {
	t.Helper()
	for _, sql := range []string{
		"DROP VIEW IF EXISTS daily_metrics",
		"CREATE TABLE daily_metrics (store_id UUID, date Date, gmv Decimal(18,2), orders UInt64) ENGINE = MergeTree ORDER BY (store_id, date)",
		`INSERT INTO daily_metrics SELECT store, toDate('2026-11-07') - back, toDecimal64(orders * 10.5, 2), orders FROM (
			SELECT arrayJoin(arrayConcat(['` + storeA + `', '` + storeB + `'], arrayMap(i -> format('cccccccc-0000-4000-8000-{}', leftPad(toString(i), 12, '0')), range(12))))::UUID AS store,
				arrayJoin(range(220)) AS back, multiIf(store = '` + storeA + `' AND back = 1, 3, store = '` + storeB + `' AND back = 0, 8888, 26 + cityHash64(store, back) % 9) AS orders)`,
		"CREATE TABLE traffic_mart (store_id UUID, date Date, scope String, sessions UInt64, sessions_with_purchase UInt64, bounced_sessions UInt64) ENGINE = MergeTree ORDER BY (store_id, date)",
		`INSERT INTO traffic_mart SELECT toUUID('00000000-0000-0000-0000-000000000000'), toDate('2026-11-07') - number, 'platform',
			if(number = 0, 7118, 2970 + cityHash64(number) % 60), 500, 900 FROM numbers(220)`,
		"CREATE TABLE payments_mart (date Date, is_succeeded UInt8) ENGINE = MergeTree ORDER BY date",
		"CREATE TABLE api_mart (date Date, errors UInt64, requests UInt64) ENGINE = MergeTree ORDER BY date",
		"CREATE TABLE data_horizon (data_through DateTime64(3, 'UTC')) ENGINE = MergeTree ORDER BY data_through",
		"INSERT INTO data_horizon VALUES ('2026-11-07 23:30:00')",
	} {
		s.exec(t, sql)
	}
}

func (r reply) anomalies(t testing.TB) (a anomalies) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(r.text))
	d.DisallowUnknownFields()
	if err := d.Decode(&a); err != nil || r.status != 200 {
		t.Fatalf("%d %v: %s", r.status, err, r.text)
	}
	return a
}

func (a anomalies) text() string {
	var parts []string
	for _, u := range a.Alerts {
		parts = append(parts, fmt.Sprintf("%s %s %s %v good=%v", u.Date, u.Store, u.Metric, u.Value, u.Good))
	}
	return strings.Join(parts, "; ")
}

// TestAnomalies: a vendor reads of his store's days, an administrator of all.
func TestAnomalies(t *testing.T) {
	s := newSite(t, nil)
	s.fillAnomalies(t)
	a, b, all := s.token(t, storeA), s.token(t, storeB), s.token(t)
	const ofA = "2026-11-06 Ana gmv 31.50 good=false; 2026-11-06 Ana orders 3 good=false"
	got := s.get(t, a, "/v1/anomalies").anomalies(t)
	if sorted(got.text()) != ofA || got.Total != 2 || got.Tested != 2 || got.Searched != (days{"2026-10-08", "2026-11-08"}) {
		t.Errorf("A: %+v", got)
	}
	if got := s.get(t, b, "/v1/anomalies").anomalies(t); sorted(got.text()) != "2026-11-07 Bruno 8 gmv 93324.00 good=true; 2026-11-07 Bruno 8 orders 8888 good=true" || got.Tested != 2 {
		t.Errorf("B: %+v", got)
	}
	for path, want := range map[string]int{
		"": 2, "?date=2026-11-06": 2, "?date=2026-11-07": 0, "?start=2026-11-06": 2, "?start=2026-11-07": 0, "?end=2026-11-06": 0, "?end=2026-11-07": 2,
		"?start=2026-11-06&end=2026-11-07&store=" + storeA: 2, "?date=2020-01-01": 0, "?date=2027-01-01": 0,
	} {
		if got := s.get(t, a, "/v1/anomalies"+path).anomalies(t); got.Total != want || len(got.Alerts) != want {
			t.Errorf("%s: %+v", path, got)
		}
	}
	whole := s.get(t, all, "/v1/anomalies").anomalies(t)
	if text := whole.text(); !strings.Contains(text, "2026-11-07  sessions 7118 good=true") || !strings.Contains(text, "Ana orders 3") || !strings.Contains(text, "Bruno 8 orders 8888") || whole.Tested < 28 {
		t.Errorf("the platform: %+v", whole)
	}
	if got := s.get(t, all, "/v1/anomalies?limit=1").anomalies(t); got.Total != whole.Total || len(got.Alerts) != 1 {
		t.Errorf("one of them: %+v", got)
	}
	if got := s.get(t, all, "/v1/anomalies?store="+storeA).anomalies(t); sorted(got.text()) != ofA || got.Tested != 2 {
		t.Errorf("of A, for administrators: %+v", got)
	}
	for path, want := range map[string]int{
		"?store=" + storeB: 403, "?store=00000000-0000-0000-0000-000000000000": 403, "?store=x": 400, "?date=x": 400, "?start=2026-11-31": 400, "?limit=0": 400, "?limit=1001": 400,
		"?date=2026-11-06&start=2026-11-06": 400, "?start=2026-11-06&end=2026-11-06": 400, "?date=2026-11-06&date=2026-11-07": 400, "?where=1": 400, "?format=xml": 406,
	} {
		if r := s.get(t, a, "/v1/anomalies"+path); r.status != want || r.leak(path) != "" {
			t.Errorf("%s: %d %s", path, r.status, r.text)
		}
	}
	if r := s.get(t, s.reader(t, storeA), "/v1/anomalies"); r.status != http.StatusForbidden {
		t.Errorf("without the scope: %d", r.status)
	}
}

// sorted puts the parts of a day into one order.
func sorted(text string) string {
	if one, two, ok := strings.Cut(text, "; "); ok && two < one {
		return two + "; " + one
	}
	return text
}

func TestAnomaliesAsCSV(t *testing.T) {
	s := newSite(t, nil)
	s.fillAnomalies(t)
	r := s.get(t, s.token(t, storeA), "/v1/anomalies?date=2026-11-06", "Accept: text/csv")
	head, rest, _ := strings.Cut(r.text, "\n")
	if r.header.Get("Content-Type") != "text/csv; charset=utf-8" || head != "date,store_id,store,metric,unit,value,expected,low,high,change,good,since,repeated" ||
		strings.Count(rest, "\n") != 2 || !strings.Contains(rest, "2026-11-06,"+storeA+",Ana,orders,count,3,") || !strings.Contains(rest, ",false,2026-11-06,false\n") {
		t.Errorf("%v %q", r.header, r.text)
	}
	if r := s.get(t, s.token(t, storeA), "/v1/anomalies?format=csv&date=2026-11-07"); r.text != head+"\n" {
		t.Errorf("of a day without any: %q", r.text)
	}
}

// TestAnomaliesOfOthers: what other stores do changes nothing that a vendor is told.
func TestAnomaliesOfOthers(t *testing.T) {
	s := newSite(t, nil)
	s.fillAnomalies(t)
	a := s.token(t, storeA)
	first := s.get(t, a, "/v1/anomalies")
	s.exec(t, "INSERT INTO daily_metrics SELECT store_id, date, gmv * 9, orders * 9 FROM daily_metrics WHERE store_id NOT IN ('"+storeA+"', '"+storeB+"') AND date = '2026-11-06'")
	s.later(2 * dataFor)
	second := s.get(t, a, "/v1/anomalies")
	if first.anomalies(t).Total != 2 || second.text != first.text || second.header.Get("ETag") == first.header.Get("ETag") {
		t.Errorf("%s\n%s", first.text, second.text)
	}
	if got := s.get(t, s.token(t), "/v1/anomalies?date=2026-11-06").anomalies(t); got.Total < 14 {
		t.Errorf("the others have alerts: %+v", got)
	}
}

// TestOneSearch: all who ask at once, and later, are told by one search, until the data change.
func TestOneSearch(t *testing.T) {
	hold := make(chan struct{})
	var count atomic.Int32
	s := newSite(t, func(o *Options) { o.Anomalies = siteAnomalies{o.Database, "", &count, hold} })
	s.fillAnomalies(t)
	tokens := []string{s.token(t, storeA), s.token(t, storeB), s.token(t)}
	var asking sync.WaitGroup
	for _, token := range tokens {
		for range 3 {
			asking.Go(func() {
				if r := s.get(t, token, "/v1/anomalies"); r.status != 200 {
					t.Errorf("%d %s", r.status, r.text)
				}
			})
		}
	}
	for count.Load() == 0 {
		time.Sleep(time.Millisecond)
	}
	ctx, cancel := context.WithCancel(t.Context())
	left, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+"/v1/anomalies?limit=7", nil)
	if err != nil {
		t.Fatal(err)
	}
	left.Header.Set("Authorization", "Bearer "+tokens[0])
	time.AfterFunc(20*time.Millisecond, cancel)
	if resp, err := http.DefaultClient.Do(left); err == nil {
		_ = resp.Body.Close()
		t.Error("who hangs up waits")
	}
	close(hold)
	asking.Wait()
	first := s.get(t, tokens[0], "/v1/anomalies")
	if r := s.get(t, tokens[0], "/v1/anomalies", "If-None-Match: "+first.header.Get("ETag")); r.status != http.StatusNotModified {
		t.Errorf("the same again: %d", r.status)
	}
	for i, token := range tokens {
		s.get(t, token, fmt.Sprint("/v1/anomalies?limit=", i+2))
	}
	if n := count.Load(); n != 1 {
		t.Errorf("%d searches for one state of the data", n)
	}
	same := s.server.options
	same.Registry = prometheus.NewRegistry()
	other, err := New(same)
	if err != nil {
		t.Fatal(err)
	}
	s.server, s.Config.Handler = other, other.Handler() // another server, with the same Redis
	if r := s.get(t, tokens[1], "/v1/anomalies?limit=9"); r.status != 200 || count.Load() != 1 {
		t.Errorf("another server searches again: %d, %d searches", r.status, count.Load())
	}
	same.Registry, same.Anomalies = prometheus.NewRegistry(), siteAnomalies{same.Database, "holidays", &count, hold}
	if other, err = New(same); err != nil {
		t.Fatal(err)
	}
	s.Config.Handler = other.Handler() // and one that leaves other days out
	if r := s.get(t, tokens[1], "/v1/anomalies?limit=9"); r.status != 200 || count.Load() != 2 {
		t.Errorf("by other rules: %d, %d searches", r.status, count.Load())
	}
	count.Store(1)
	s.exec(t, "INSERT INTO sales_mart VALUES ('"+storeA+"', '2026-11-01', 'new', 1, 1)")
	s.later(2 * dataFor)
	if s.get(t, tokens[0], "/v1/anomalies?limit=9"); count.Load() != 1 {
		t.Error("a table that is not searched has changed, and all was searched again")
	}
	s.exec(t, "INSERT INTO daily_metrics VALUES ('"+storeA+"', '2026-11-07', 10.5, 1)")
	s.later(2 * dataFor)
	if s.get(t, tokens[0], "/v1/anomalies"); count.Load() != 2 {
		t.Errorf("%d searches after the data have changed", count.Load())
	}
}

// TestLongSearch: who has waited as long as an answer may take is asked to come back, and finds
// what the search has found by then.
func TestLongSearch(t *testing.T) {
	hold := make(chan struct{})
	var count atomic.Int32
	s := newSite(t, func(o *Options) {
		o.Anomalies, o.Limits.Duration = siteAnomalies{o.Database, "", &count, hold}, 300*time.Millisecond
	})
	s.fillAnomalies(t)
	for range 2 {
		if r := s.get(t, s.token(t, storeA), "/v1/anomalies"); r.status != http.StatusServiceUnavailable || r.header.Get("Retry-After") != "10" {
			t.Errorf("%d %v %s", r.status, r.header, r.text)
		}
	}
	close(hold)
	for end := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		if r := s.get(t, s.token(t, storeA), "/v1/anomalies"); r.status == http.StatusOK {
			break
		} else if time.Now().After(end) {
			t.Fatalf("%d %s", r.status, r.text)
		}
	}
	if n := count.Load(); n != 1 {
		t.Errorf("%d searches", n)
	}
}

// TestAnomaliesWithoutData: no figures, no alerts, and no search either.
func TestAnomaliesWithoutData(t *testing.T) {
	s := newSite(t, nil)
	s.fillAnomalies(t)
	fresh := newSite(t, nil)
	if r := fresh.get(t, fresh.token(t, storeA), "/v1/anomalies"); r.status != http.StatusServiceUnavailable || !strings.Contains(r.text, "tiendi build") {
		t.Errorf("before anything is built: %d %s", r.status, r.text)
	}
	s.exec(t, "TRUNCATE TABLE data_horizon")
	s.exec(t, "INSERT INTO data_horizon VALUES ('1970-01-01 00:00:00')")
	if r := s.get(t, s.token(t, storeA), "/v1/anomalies"); r.status != http.StatusNotFound {
		t.Errorf("%d %s", r.status, r.text)
	}
	none := newSite(t, func(o *Options) { o.Anomalies = nil })
	if r := none.get(t, none.token(t, storeA), "/v1/anomalies"); r.status != http.StatusNotFound {
		t.Errorf("%d %s", r.status, r.text)
	}
}

// TestAnomaliesCount: a search is one question of whoever asks first, and what is known is free.
func TestAnomaliesCount(t *testing.T) {
	s := newSite(t, func(o *Options) { o.Limits.Queries = 2 })
	s.fillAnomalies(t)
	for i, want := range []int{200, 200} {
		if r := s.get(t, s.token(t, storeA), fmt.Sprint("/v1/anomalies?limit=", i+1)); r.status != want {
			t.Errorf("question %d: %d %s", i, r.status, r.text)
		}
	}
	if r := s.get(t, s.token(t, storeA), "/v1/query?metrics=gmv"); r.status != http.StatusTooManyRequests {
		t.Errorf("the quota: %d %s", r.status, r.text)
	}
}
