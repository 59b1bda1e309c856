package clickhouse

import (
	"testing"
	"time"
)

func TestRetention(t *testing.T) {
	now := time.Date(2026, 3, 31, 12, 0, 0, 0, time.UTC)
	for clause, oldest := range map[string]string{
		"MergeTree ORDER BY id": "",
		"MergeTree ORDER BY id TTL toDateTime(timestamp) + toIntervalYear(2) WHERE NOT startsWith(_batch, 'kept_')": "2024-03-31",
		"MergeTree ORDER BY id TTL toDateTime(timestamp) + toIntervalMonth(1) SETTINGS index_granularity = 8192":    "2026-03-03",
		"MergeTree ORDER BY id TTL timestamp + toIntervalDay(30)":                                                   "2026-03-01",
		"MergeTree ORDER BY id TTL ingested_at + toIntervalDay(30)":                                                 "",
	} {
		got := ""
		if at := retentionOf(clause).oldest(now); !at.IsZero() {
			got = at.Format(time.DateOnly)
		}
		if got != oldest {
			t.Errorf("%s: oldest is %q, want %q", clause, got, oldest)
		}
	}
}

func TestWhichTablesForget(t *testing.T) {
	for _, c := range []struct{ engine, clause, setting string }{
		{"MergeTree", "MergeTree ORDER BY id", "non_replicated_deduplication_window"},
		{"SummingMergeTree", "SummingMergeTree ORDER BY id SETTINGS non_replicated_deduplication_window = 100", ""},
		{"MergeTree", "MergeTree ORDER BY id SETTINGS non_replicated_deduplication_window = 0", "non_replicated_deduplication_window"},
		{"MergeTree", "MergeTree ORDER BY id SETTINGS replicated_deduplication_window = 100", "non_replicated_deduplication_window"},
		{"ReplicatedMergeTree", "ReplicatedMergeTree ORDER BY id", ""},
		{"SharedMergeTree", "SharedMergeTree ORDER BY id SETTINGS replicated_deduplication_window = 0", "replicated_deduplication_window"},
		{"Distributed", "Distributed('c', 'd', 't')", ""},
	} {
		if got := (tableInfo{engine: c.engine, clause: c.clause}).forgetful(); got != c.setting {
			t.Errorf("%s: %q is to be set, want %q", c.clause, got, c.setting)
		}
	}
}

func TestTargetOf(t *testing.T) {
	for ddl, want := range map[string]string{
		"CREATE MATERIALIZED VIEW shop.v TO shop.t (`a` Int8) AS SELECT 1 AS a":                                          "shop.t",
		"CREATE MATERIALIZED VIEW `a b`.`v` TO `a b`.`t-1` (`a` Int8) DEFINER = u SQL SECURITY DEFINER AS SELECT 1 AS a": "a b.t-1",
		"CREATE MATERIALIZED VIEW shop.v (`a` Int8) ENGINE = MergeTree ORDER BY a AS SELECT ' TO x.y' AS a":              "shop..inner_id.7",
	} {
		if got := targetOf("shop", "7", ddl); got.database+"."+got.name != want {
			t.Errorf("%s fills %s.%s, want %s", ddl, got.database, got.name, want)
		}
	}
}
