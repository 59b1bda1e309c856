package clickhouse_test

import (
	"fmt"
	"syscall"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/warehouse/warehousetest"
)

// BenchmarkInsert reports rows a second, the process's own time a row, and the rate
// divided by that of the engine copying the same rows from a table: xselect.
func BenchmarkInsert(b *testing.B) {
	for _, n := range []int{50_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			db := warehousetest.Open(b)
			build(b, db, "events_raw")
			s := open(b, db, new(records))
			rows := someEvents(n, 1)
			insert(b, s, "source", rows)
			exec(b, db, "CREATE TABLE source AS events_raw", "INSERT INTO source SELECT * FROM events_raw")
			var ours, engine, used time.Duration
			for i := 0; b.Loop(); i++ {
				began, before := time.Now(), processorTime()
				insert(b, s, fmt.Sprint(i), rows)
				ours += time.Since(began)
				used += processorTime() - before
				began = time.Now()
				exec(b, db, "INSERT INTO events_raw SELECT * FROM source")
				engine += time.Since(began)
				if i%10 == 0 {
					exec(b, db, "TRUNCATE TABLE events_raw")
				}
			}
			total := float64(b.N) * float64(n)
			b.ReportMetric(total/ours.Seconds(), "rows/s")
			b.ReportMetric(float64(used.Nanoseconds())/total, "cpu-ns/row")
			b.ReportMetric(engine.Seconds()/ours.Seconds(), "xselect")
		})
	}
}

// BenchmarkBlocks reports the engine's time a row, its merges included, by how many rows
// are sent at once.
func BenchmarkBlocks(b *testing.B) {
	for _, n := range []int{5_000, 10_000, 25_000, 50_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			db := warehousetest.Open(b)
			build(b, db, "events_raw")
			s := open(b, db, new(records))
			rows := someEvents(n, 1)
			const total = 500_000
			before := engineTime(b, db)
			for i := 0; b.Loop(); i++ {
				for block := range total / n {
					insert(b, s, fmt.Sprint(i, "/", block), rows)
				}
				for values(b, db, "SELECT count() FROM system.merges") != "0" {
					time.Sleep(50 * time.Millisecond)
				}
			}
			b.ReportMetric(float64((engineTime(b, db)-before).Nanoseconds())/(float64(b.N)*total), "engine-ns/row")
		})
	}
}

func processorTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
