package run

import (
	"errors"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/transform/compile"
)

// at fixes the clock, which bounds the batches.
func at(day string) func(*Options) {
	t, err := time.Parse(time.RFC3339, day)
	if err != nil {
		panic(err)
	}
	return func(o *Options) { o.Clock = func() time.Time { return t } }
}

func TestMicrobatch(t *testing.T) {
	for name, partition := range map[string]any{
		"daily partitions": "toDate(at)", "monthly partitions": "toYYYYMM(at)", "no partitions": nil, "odd partitions": "k % 2",
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t)
			s.exec("CREATE TABLE {source} (at DateTime64(3, 'UTC'), k UInt32) ENGINE = MergeTree ORDER BY at")
			s.exec("INSERT INTO {source} SELECT toDateTime64('2024-01-20 00:00:00', 3, 'UTC') + toIntervalHour(number), number FROM numbers(24 * 20)")
			config := map[string]any{"incremental_strategy": "microbatch", "event_time": "at", "begin": "2024-01-20", "batch_size": "day", "lookback": int64(2)}
			if partition != nil {
				config["partition_by"] = partition
			}
			s.model("m", "incremental", "SELECT at, k FROM {source} WHERE at >= toDateTime64('@start', 3, 'UTC') AND at < toDateTime64('@end', 3, 'UTC')", config)
			s.run(at("2024-02-08T12:00:00Z"))
			s.want("SELECT count(), sum(k) FROM {m}", "480 114960")
			// The lookback's days are built again: changed, vanished and new rows.
			s.exec("ALTER TABLE {source} UPDATE k = k + 1000 WHERE toDate(at) = '2024-02-07' SETTINGS mutations_sync = 1")
			s.exec("ALTER TABLE {source} DELETE WHERE toDate(at) = '2024-02-06' SETTINGS mutations_sync = 1")
			s.exec("ALTER TABLE {source} UPDATE k = 0 WHERE toDate(at) = '2024-01-31' SETTINGS mutations_sync = 1")
			for range 2 {
				s.run(at("2024-02-08T13:00:00Z"))
				s.want("SELECT count(), sum(k) FROM {m}", "456 128892")
			}
			between := func(o *Options) {
				o.EventTimeStart, o.EventTimeEnd = time.Date(2024, 1, 30, 0, 0, 0, 0, time.UTC), time.Date(2024, 2, 3, 0, 0, 0, 0, time.UTC)
			}
			s.run(at("2024-02-08T13:00:00Z"), between)
			s.want("SELECT (SELECT sum(k) FROM {m}) = (SELECT sum(k) FROM {source})", "1")
			s.run(at("2024-02-08T13:00:00Z"), full)
			s.want("SELECT (SELECT sum(k) FROM {m}) = (SELECT sum(k) FROM {source})", "1")
			s.nothingLeft()
		})
	}
}

func TestMicrobatchFailsInPart(t *testing.T) {
	s := open(t)
	sql := "SELECT toDateTime64('@start', 3, 'UTC') AS at, throwIf(toDate(at) = '2024-01-02', 'bad day') AS k"
	s.model("m", "incremental", sql, map[string]any{
		"incremental_strategy": "microbatch", "event_time": "at", "begin": "2024-01-01", "batch_size": "day", "partition_by": "toYYYYMM(at)",
	})
	o := s.options("run")
	at("2024-01-03T12:00:00Z")(&o)
	results, err := Run(t.Context(), o)
	if !errors.Is(err, ErrFailed) || results.Results[0].Status != PartialSuccess {
		t.Fatalf("%v: %s", err, messages(results))
	}
	b := results.Results[0].Batches
	if len(b.Successful) != 2 || len(b.Failed) != 1 || b.Failed[0].Start.Day() != 2 {
		t.Errorf("batches: %+v", b)
	}
	s.want("SELECT toDate(at) FROM {m} ORDER BY at", "2024-01-01 00:00:00 +0000 UTC", "2024-01-03 00:00:00 +0000 UTC")

	// The upstream is mended; a retry builds what is missing and no more.
	s.sql["model.shop.m"] = "SELECT toDateTime64('@start', 3, 'UTC') AS at, 7 AS k"
	s.run(at("2024-01-03T12:00:00Z"), func(o *Options) { o.Retry = map[string][]compile.Batch{"model.shop.m": b.Failed} })
	s.want("SELECT k FROM {m} ORDER BY at", "0", "7", "0")
	s.nothingLeft()
}

func TestMicrobatchRowsMovedInTime(t *testing.T) {
	s := open(t)
	// The model shifts event times by a month, out of the slice's partition.
	s.model("m", "incremental", "SELECT addMonths(toDateTime64('@start', 3, 'UTC'), 1) AS at, 1 AS k", map[string]any{
		"incremental_strategy": "microbatch", "event_time": "at", "begin": "2024-01-01", "batch_size": "day", "partition_by": "toYYYYMM(at)",
	})
	s.run(at("2024-01-02T12:00:00Z"))
	s.want("SELECT count() FROM {m}", "2")
	s.run(at("2024-01-03T12:00:00Z"))
	// Nothing lay in the slices themselves; the shifted rows are added whole.
	s.want("SELECT count() FROM {m}", "4")
	s.nothingLeft()
}
