package api

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// fillPeers gives A 50 orders of 100 in October, and each of n others as many as its number
// plus 40; odd ones sell hats, and so does A.
func (s *site) fillPeers(t testing.TB, n int) {
	t.Helper()
	rows := []string{"('" + storeA + "', '2026-10-05', 'hats', 5000, 50)"}
	for i := range n {
		category := []string{"shoes", "hats"}[i%2]
		rows = append(rows, fmt.Sprintf("('cccccccc-0000-4000-8000-%012d', '2026-10-31', '%s', %d, %d)", i, category, 100*(i+40), i+40))
	}
	s.exec(t, "INSERT INTO sales_mart VALUES "+strings.Join(rows, ","))
}

func (r reply) benchmark(t testing.TB) map[string]string {
	t.Helper()
	var b benchmark
	if err := json.Unmarshal([]byte(r.text), &b); err != nil || r.status != 200 {
		t.Fatalf("%d %v: %s", r.status, err, r.text)
	}
	all := map[string]string{"of": b.Month + " " + b.Peers}
	for _, f := range b.Figures {
		percentile := "-"
		if f.Percentile != nil {
			percentile = fmt.Sprint(*f.Percentile)
		}
		all[f.Metric] = fmt.Sprint(f.Own, " ", f.Stores, " ", f.Lower, " ", f.Median, " ", f.Upper, " ", percentile)
	}
	return all
}

// TestBenchmark: a vendor reads where his store stands in a month that is over.
func TestBenchmark(t *testing.T) {
	s := newSite(t, nil)
	s.fillPeers(t, 24)
	a := s.token(t, storeA)
	for path, want := range map[string]map[string]string{
		"":                                {"of": "2026-10 all", "gmv": "5000.00 20 4600.00 5200.00 5700.00 40", "orders": "50 20 46 52 57 40", "aov": "100 20 100 100 100 50"},
		"?peers=category":                 {"of": "2026-10 category", "gmv": "5000.00 10 4700.00 5200.00 5700.00 40"},
		"?peers=size&month=2026-10":       {"of": "2026-10 size", "gmv": "5000.00 5 <nil> 5200.00 <nil> 20"},
		"?month=2026-09":                  {"of": "2026-09 all", "gmv": "<nil> 0 <nil> <nil> <nil> -"},
		"?peers=category&store=" + storeA: {"of": "2026-10 category"},
	} {
		got := s.get(t, a, "/v1/benchmark"+path).benchmark(t)
		for name, text := range want {
			if got[name] != text {
				t.Errorf("%s, %s: %s, want %s", path, name, got[name], text)
			}
		}
	}
	for path, want := range map[string]int{
		"?store=" + storeB: 403, "?month=2026-11": 400, "?month=2025-10": 400, "?month=x": 400, "?peers=mine": 400, "?peers=all&peers=size": 400,
		"?where=store__name='Bruno+8'": 400, "?start=2026-10-01": 400, "?metrics=gmv": 400,
	} {
		if r := s.get(t, a, "/v1/benchmark"+path); r.status != want {
			t.Errorf("%s: %d %s", path, r.status, r.text)
		}
	}
	if r := s.get(t, s.token(t), "/v1/benchmark"); r.status != 400 || !strings.Contains(r.text, "which store") {
		t.Errorf("of the platform: %d %s", r.status, r.text)
	}
	first := s.get(t, a, "/v1/benchmark")
	if r := s.get(t, a, "/v1/benchmark", "If-None-Match: "+first.header.Get("ETag")); r.status != 304 {
		t.Errorf("the same again: %d", r.status)
	}
	if r := s.get(t, s.token(t, storeB), "/v1/benchmark"); r.text == first.text || r.header.Get("ETag") == first.header.Get("ETag") {
		t.Errorf("B gets A's answer: %s", r.text)
	}
}

// TestBenchmarkOfFew: of fewer stores than the minimum nothing is told, and one store more
// or less changes nothing that is.
func TestBenchmarkOfFew(t *testing.T) {
	s := newSite(t, func(o *Options) { o.Cohort = 8 })
	s.fillPeers(t, 7)
	token := s.token(t, storeA)
	if got := s.get(t, token, "/v1/benchmark").benchmark(t)["gmv"]; got != "5000.00 0 <nil> <nil> <nil> -" {
		t.Errorf("of seven: %s", got)
	}
	s.exec(t, "INSERT INTO sales_mart VALUES ('"+storeB+"', '2026-10-01', 'hats', 8888888, 1)")
	s.later(2 * dataFor)
	if r := s.get(t, token, "/v1/benchmark"); r.benchmark(t)["gmv"] != "5000.00 5 <nil> 4400.00 <nil> 90" || strings.Contains(r.text, "8888") {
		t.Errorf("of eight: %s", r.text)
	}
}
