package run

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/transform/compile"
)

// daysOf gives so many days from the nth of January 2024 as slices of a backfill.
func daysOf(from, days int) []compile.Batch {
	var out []compile.Batch
	for n := range days {
		start := time.Date(2024, 1, from+n, 0, 0, 0, 0, time.UTC)
		out = append(out, compile.Batch{Start: start, End: start.AddDate(0, 0, 1), Range: true, Zone: time.UTC})
	}
	return out
}

// TestPortion rebuilds days over the end of a month, with and without partitions that
// fit, each day by itself and neighbours together: what lies beside them stays, and the
// model cannot write beyond its slice.
func TestPortion(t *testing.T) {
	for name, partition := range map[string]any{
		"daily partitions": "toDate(at)", "monthly partitions": "toYYYYMM(at)", "no partitions": nil, "odd partitions": "k % 2",
	} {
		t.Run(name, func(t *testing.T) {
			for _, pack := range []bool{false, true} {
				s := open(t)
				s.exec("CREATE TABLE {source} (at DateTime64(3, 'UTC'), k UInt32) ENGINE = MergeTree ORDER BY at")
				s.exec("INSERT INTO {source} SELECT toDateTime64('2024-01-20 00:00:00', 3, 'UTC') + toIntervalHour(number), number FROM numbers(24 * 20)")
				config := map[string]any{"incremental_strategy": "append", "event_time": "at"}
				if partition != nil {
					config["partition_by"] = partition
				}
				s.model("m", "incremental", "SELECT at, k FROM {source}", config)
				s.run()
				s.exec("ALTER TABLE {source} UPDATE k = k + 1000 WHERE 1 SETTINGS mutations_sync = 1")
				s.exec("ALTER TABLE {source} DELETE WHERE toDate(at) = '2024-01-31' SETTINGS mutations_sync = 1")
				for range 2 {
					var done []compile.Batch
					s.run(func(o *Options) {
						o.Portions = map[string]Portion{"model.shop.m": {Slices: daysOf(29, 5), Pack: pack, Zone: time.UTC}}
						o.Done = func(_ context.Context, _ *project.Node, of []compile.Batch) error {
							done = append(done, of...)
							return nil
						}
					})
					s.want("SELECT toDate(at) AS d, count(), max(k) >= 1000 FROM {m} WHERE d BETWEEN '2024-01-28' AND '2024-02-03' GROUP BY d ORDER BY d",
						"2024-01-28 00:00:00 +0000 UTC 24 0", "2024-01-29 00:00:00 +0000 UTC 24 1", "2024-01-30 00:00:00 +0000 UTC 24 1",
						"2024-02-01 00:00:00 +0000 UTC 24 1", "2024-02-02 00:00:00 +0000 UTC 24 1", "2024-02-03 00:00:00 +0000 UTC 24 0")
					s.want("SELECT count() FROM {m}", "456")
					if len(done) != 5 {
						t.Errorf("%d slices are told as done, want 5", len(done))
					}
				}
				s.nothingLeft()
			}
		})
	}
}

// TestPortionFailsInPart: a partition of which a day fails stays as it was, whole.
func TestPortionFailsInPart(t *testing.T) {
	s := open(t)
	config := map[string]any{"incremental_strategy": "append", "event_time": "at", "partition_by": "toYYYYMM(at)"}
	s.model("m", "incremental", "SELECT toDateTime64('2024-01-25 00:00:00', 3, 'UTC') + toIntervalDay(number) AS at, 1 AS k FROM numbers(20)", config)
	s.run()
	s.sql["model.shop.m"] = "SELECT toDateTime64('2024-01-25 00:00:00', 3, 'UTC') + toIntervalDay(number) AS at, 2 + throwIf('@start' = '2024-01-30 00:00:00', 'bad day') AS k FROM numbers(20)"
	o := s.options("run")
	var done []compile.Batch
	o.Portions = map[string]Portion{"model.shop.m": {Slices: daysOf(29, 5), Zone: time.UTC}}
	o.Done = func(_ context.Context, _ *project.Node, of []compile.Batch) error {
		done = append(done, of...)
		return nil
	}
	results, err := Run(t.Context(), o)
	if !errors.Is(err, ErrFailed) || results.Results[0].Status != PartialSuccess || len(results.Results[0].Batches.Failed) != 3 {
		t.Errorf("%v: %s", err, messages(results))
	}
	if !slices.Equal(done, daysOf(29, 5)[3:]) {
		t.Errorf("told as done: %v", done)
	}
	s.want("SELECT toString(sum(k)) || '/' || toString(count()) FROM {m}", "22/20")
	s.want("SELECT toDate(at) FROM {m} WHERE k = 2 ORDER BY at", "2024-02-01 00:00:00 +0000 UTC", "2024-02-02 00:00:00 +0000 UTC")
	s.nothingLeft()
}

// TestPortionByKey: all rows of the staged keys are replaced, and rows of the range
// whose key gives none any more go; those beside them stay.
func TestPortionByKey(t *testing.T) {
	for name, partition := range map[string]any{"monthly partitions": "toYYYYMM(at)", "no partitions": nil} {
		t.Run(name, func(t *testing.T) {
			s := open(t)
			config := map[string]any{"unique_key": "k", "event_time": "at"}
			if partition != nil {
				config["partition_by"] = partition
			}
			s.model("m", "incremental", `SELECT toDateTime64(d, 3, 'UTC') AS at, toUInt8(n) AS k, toUInt8(1) AS v
FROM values('d String, n UInt8', ('2024-01-01', 1), ('2024-01-31', 1), ('2024-01-30', 2), ('2024-01-02', 3), ('2024-02-02', 3), ('2024-02-09', 4))`, config)
			s.run()
			// Key 1 is built again, 2 gives nothing any more, 3 moved into the range, 4 has nothing to do with it.
			s.sql["model.shop.m"] = `SELECT toDateTime64(d, 3, 'UTC') AS at, toUInt8(n) AS k, toUInt8(2) AS v
FROM values('d String, n UInt8', ('2024-01-01', 1), ('2024-01-31', 1), ('2024-01-30', 3))`
			for range 2 {
				s.run(func(o *Options) {
					slice := daysOf(29, 1)[0]
					slice.End = slice.Start.AddDate(0, 0, 3)
					o.Portions = map[string]Portion{"model.shop.m": {Slices: []compile.Batch{slice}, Key: "k", Zone: time.UTC}}
				})
				s.want("SELECT concat(toString(k), ' ', toString(toDate(at)), ' ', toString(v)) FROM {m} ORDER BY k, at",
					"1 2024-01-01 2", "1 2024-01-31 2", "3 2024-01-30 2", "4 2024-02-09 1")
			}
			s.nothingLeft()
		})
	}
}
