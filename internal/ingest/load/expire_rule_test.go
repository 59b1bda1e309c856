package load

import (
	"slices"
	"testing"
	"time"
)

func TestTTLOf(t *testing.T) {
	const head = "MergeTree PARTITION BY toYYYYMM(timestamp) ORDER BY (store_id, timestamp) "
	for _, c := range []struct {
		engine string
		want   []ttlRule
	}{
		{head + "SETTINGS index_granularity = 8192", nil},
		{head + "TTL toDateTime(timestamp) + toIntervalYear(2) WHERE NOT startsWith(_batch, 'kept_') SETTINGS index_granularity = 8192", []ttlRule{{"(toDateTime(timestamp) + toIntervalYear(2)) <= now() AND (NOT startsWith(_batch, 'kept_'))", 2, "year", true}}},
		{head + "TTL timestamp + toIntervalDay(90)", []ttlRule{{"(timestamp + toIntervalDay(90)) <= now()", 90, "day", false}}},
		{head + "TTL timestamp + toIntervalDay(90), toDate(timestamp) + toIntervalYear(1) TO DISK 'default', toDateTime(timestamp) + toIntervalMonth(3) RECOMPRESS CODEC(ZSTD(9)), " +
			"toDateTime(timestamp) + toIntervalMonth(3) WHERE _batch = 'a TTL, SETTINGS \\'x' SETTINGS index_granularity = 1000", []ttlRule{
			{"(timestamp + toIntervalDay(90)) <= now()", 90, "day", false},
			{"(toDateTime(timestamp) + toIntervalMonth(3)) <= now() AND (_batch = 'a TTL, SETTINGS \\'x')", 0, "", false}}},
		{head + "TTL toDateTime(ingested_at) + toIntervalYear(2)", []ttlRule{{expired: "(toDateTime(ingested_at) + toIntervalYear(2)) <= now()"}}},
		{head + "TTL toStartOfYear(timestamp) + toIntervalYear(2)", []ttlRule{{expired: "(toStartOfYear(timestamp) + toIntervalYear(2)) <= now()"}}},
		{"MergeTree ORDER BY `a TTL ` SETTINGS x = ' TTL timestamp + toIntervalDay(1)'", nil},
	} {
		if got := ttlOf(c.engine, "timestamp").rules; !slices.Equal(got, c.want) {
			t.Errorf("%s:\ngot  %q\nwant %q", c.engine, got, c.want)
		}
	}
}

func TestRulesReachBack(t *testing.T) {
	now := time.Date(2026, 5, 31, 12, 0, 0, 0, time.UTC)
	for unit, want := range map[string]string{
		"year": "2024-05-31T12:00:00Z", "quarter": "2025-12-01T12:00:00Z", "month": "2026-03-31T12:00:00Z", "week": "2026-05-17T12:00:00Z",
		"day": "2026-05-29T12:00:00Z", "hour": "2026-05-31T10:00:00Z", "minute": "2026-05-31T11:58:00Z", "second": "2026-05-31T11:59:58Z",
	} {
		if got := (ttlRule{n: 2, unit: unit}).oldest(now).Format(time.RFC3339); got != want {
			t.Errorf("2 %ss before %s: got %s, want %s", unit, now, got, want)
		}
	}
}
