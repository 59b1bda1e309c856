package semantic_test

import (
	"syscall"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/semantic"
)

// BenchmarkCompile is the processor time from a query to its SQL, of which a
// query may take a millisecond.
func BenchmarkCompile(b *testing.B) {
	man := shop(b, "shop")
	day := func(month time.Month) time.Time { return time.Date(2026, month, 1, 0, 0, 0, 0, time.UTC) }
	for _, bench := range []struct {
		name  string
		query semantic.Query
	}{
		{"one metric", semantic.Query{Metrics: []string{"revenue"}, GroupBy: []string{"metric_time__day"}}},
		{"twelve metrics of five models", semantic.Query{
			Metrics: []string{"revenue", "order_count", "buyers", "average_order", "paid_share", "nested", "revenue_growth", "revenue_7d", "sessions", "stock_at_end", "returning_buyers", "lima_share"},
			GroupBy: []string{"shop__region", "metric_time__month"}, Where: []string{"shop__name like 'Shop%' and metric_time__day >= '2026-01-01'"},
			Start: day(1), End: day(4), Compare: semantic.PreviousPeriod, OrderBy: []string{"-revenue"}, Limit: 100, Stores: []string{"s1", "s2"},
		}},
	} {
		b.Run(bench.name, func(b *testing.B) {
			before := cpuSeconds(b)
			for b.Loop() {
				if _, err := man.Compile(bench.query); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric((cpuSeconds(b)-before)/float64(b.N)*1e3, "cpu-ms/query")
		})
	}
}

// cpuSeconds is the processor time that this process has used.
func cpuSeconds(b *testing.B) float64 {
	b.Helper()
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		b.Fatal(err)
	}
	return float64(use.Utime.Nano()+use.Stime.Nano()) / 1e9
}
