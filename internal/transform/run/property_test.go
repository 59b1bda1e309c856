package run

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// Whatever the changes of the source, and in however many runs they are
// taken, an incremental model ends as its full rebuild.
func TestIncrementalEqualsFullRebuild(t *testing.T) {
	s := open(t)
	s.exec("CREATE TABLE {source} (k UInt32, at DateTime64(3, 'UTC'), v UInt32, seq UInt32) ENGINE = MergeTree ORDER BY k")
	s.exec("CREATE TABLE {live} (k UInt32, at DateTime64(3, 'UTC'), v UInt32) ENGINE = MergeTree ORDER BY k")
	projection := []any{map[string]any{"name": "p", "query": "SELECT v, count() GROUP BY v"}}
	latest := "SELECT k, toDate(min(at)) AS day, tupleElement(max((seq, v)), 2) AS v, max(seq) AS s FROM {source} GROUP BY k"
	for name, config := range map[string]map[string]any{
		"keyed": {"unique_key": "k"}, "keyed_parts": {"unique_key": "k", "partition_by": "day"},
		"keyed_projection": {"unique_key": "k", "projections": projection}, "keyed_both": {"unique_key": []any{"k"}, "partition_by": "toYYYYMM(day)", "projections": projection},
		"keyed_log": {"unique_key": "k", "engine": "Log"},
	} {
		// Late rows may move a key's first day, so its old row goes by key.
		s.model(name, "incremental", latest+"[[ HAVING s > (SELECT max(s) FROM {"+name+"})]]", config)
		s.model("full_"+name, "table", latest, nil)
	}
	s.model("appended", "incremental", "SELECT * FROM {source}[[ WHERE seq > (SELECT max(seq) FROM {appended})]]", map[string]any{"partition_by": "toDate(at)"})
	s.model("full_appended", "table", "SELECT * FROM {source}", nil)
	byDay := "SELECT toDate(at) AS day, sum(v) AS v, max(seq) AS s FROM {source}"
	s.model("overwritten", "incremental", byDay+"[[ WHERE toDate(at) IN (SELECT toDate(at) FROM {source} WHERE seq > (SELECT max(s) FROM {overwritten}))]] GROUP BY day",
		map[string]any{"incremental_strategy": "insert_overwrite", "partition_by": "day"})
	s.model("full_overwritten", "table", byDay+" GROUP BY day", nil)
	for name, partition := range map[string]string{"micro_day": "toDate(at)", "micro_month": "toYYYYMM(at)", "micro_other": "k % 3"} {
		s.model(name, "incremental", "SELECT * FROM {live} WHERE at >= toDateTime64('@start', 3, 'UTC') AND at < toDateTime64('@end', 3, 'UTC')", map[string]any{
			"incremental_strategy": "microbatch", "event_time": "at", "begin": "2024-01-28", "batch_size": "day", "lookback": int64(1), "partition_by": partition,
		})
		s.model("full_"+name, "table", "SELECT * FROM {live}", nil)
	}
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 0))
	day := time.Date(2024, 1, 29, 0, 0, 0, 0, time.UTC)
	for round := range 5 {
		for range 1 + random.IntN(2) {
			s.exec(fmt.Sprintf("INSERT INTO {source} SELECT rand(1) %% 50, toDateTime64('2024-01-28 00:00:00', 3, 'UTC') + rand(2) %% (86400 * 40), rand(3) %% 10, %d FROM numbers(%d)",
				round+1, random.IntN(40)))
		}
		// Within the lookback rows come, change and vanish.
		yesterday := day.AddDate(0, 0, -1).Format(time.DateOnly)
		s.exec("DELETE FROM {live} WHERE at >= '" + yesterday + "' AND k % 2 = 0")
		s.exec(fmt.Sprintf("INSERT INTO {live} SELECT number, toDateTime64('%s 00:00:00', 3, 'UTC') + rand() %% (86400 * 2), %d FROM numbers(%d)", yesterday, round, random.IntN(30)))
		s.run(at(day.Add(12 * time.Hour).Format(time.RFC3339)))
		for id, n := range s.nodes {
			if _, full := s.nodes["model.shop.full_"+n.Name]; full {
				s.equal(n.Name, "full_"+n.Name)
			}
			if t.Failed() {
				t.Fatalf("seed %d, round %d, %s", seed, round, id)
			}
		}
		day = day.AddDate(0, 0, 1)
	}
	s.nothingLeft()
}

// equal compares two tables as bags of rows.
func (s *shop) equal(a, b string) {
	s.t.Helper()
	rows := func(table string) string {
		return fmt.Sprint(s.values("SELECT count(), sum(cityHash64(*)) FROM {" + table + "}"))
	}
	if x, y := rows(a), rows(b); x != y {
		s.t.Errorf("%s: %s, %s: %s", a, x, b, y)
	}
}
