package api

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/event"
)

func unlimited(o *Options) {
	o.Limits = Limits{Rate: 1e9, Queries: 1e9, AtOnce: 100}
}

// BenchmarkKept asks what is known already, by as many as there are processors and over
// connections that stay: requests a second, and the time that 99 of 100 take.
func BenchmarkKept(b *testing.B) {
	s := newSite(b, unlimited)
	token := s.token(b, storeA)
	s.get(b, token, "/v1/query?metrics=gmv,orders&group_by=metric_time__day")
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	var mu sync.Mutex
	var times []time.Duration
	b.SetParallelism(4)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		var own []time.Duration
		for pb.Next() {
			r, _ := http.NewRequest(http.MethodGet, s.URL+"/v1/query?metrics=gmv,orders&group_by=metric_time__day", nil) // it is one
			r.Header.Set("Authorization", "Bearer "+token)
			began := time.Now()
			resp, err := client.Do(r)
			if err != nil {
				b.Error(err)
				return
			}
			_, _ = io.Copy(io.Discard, resp.Body)
			_ = resp.Body.Close()
			if own = append(own, time.Since(began)); resp.StatusCode != 200 {
				b.Error(resp.Status)
				return
			}
		}
		mu.Lock()
		defer mu.Unlock()
		times = append(times, own...)
	})
	b.StopTimer()
	slices.Sort(times)
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
	b.ReportMetric(float64(times[len(times)*99/100].Microseconds())/1000, "p99-ms")
}

// BenchmarkAsked asks what is not known, and the engine alone the same SQL, in turns.
func BenchmarkAsked(b *testing.B) {
	s := newSite(b, unlimited)
	s.exec(b, "INSERT INTO sales_mart SELECT '"+storeA+"', '2025-01-01'::Date + number % 365, toString(number % 50), 1.5, 1 FROM numbers(5000000)")
	s.later(2 * dataFor)
	token := s.token(b, storeA)
	q := question{Metrics: []string{"gmv", "orders"}, GroupBy: []string{"metric_time__month", "sale__category"}}
	var ours, bare time.Duration
	for i := 0; b.Loop(); i++ {
		began := time.Now()
		if r := s.get(b, token, fmt.Sprintf("/v1/query?metrics=gmv,orders&group_by=metric_time__month,sale__category&limit=1000&start=%d-01-01", 1900+i%100)); r.status != 200 {
			b.Fatal(r.text)
		}
		ours += time.Since(began)
		q.Start = fmt.Sprintf("%d-01-01", 1900+i%100)
		compiled, err := q.query([]event.ID{id(b, storeA)})
		if err != nil {
			b.Fatal(err)
		}
		compiled.Limit = 1001
		statement, err := s.server.options.Metrics.Compile(compiled)
		if err != nil {
			b.Fatal(err)
		}
		began = time.Now()
		rows, err := s.db.Query(b.Context(), statement.SQL)
		for err == nil && rows.Next() {
			_, err = rows.Values()
		}
		if err != nil {
			b.Fatal(err)
		}
		_ = rows.Close()
		bare += time.Since(began)
		s.later(2 * dataFor)
	}
	b.ReportMetric(float64(ours)/float64(bare), "of-the-engine's-time")
}
