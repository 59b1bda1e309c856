package clickhouse_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/chaos"
)

// TestChaosClientDiesInInserts ends the client of an insert at any moment, and has a
// successor insert the same at once. The table and the view are exact.
func TestChaosClientDiesInInserts(t *testing.T) {
	m := newMortal(t)
	build(t, m.Client, "events_raw", "daily_metrics_mv")
	exec(t, m.Client, "ALTER TABLE events_raw REMOVE TTL")
	rows := someEvents(3000, 30)
	var log records
	s, successor := open(t, m.Client, &log), open(t, m.Client, &log)
	began := time.Now()
	insert(t, s, "first", rows)
	usual := time.Since(began)
	all := chaos.Rounds(t, 10)
	for round := range all {
		token := fmt.Sprint("round ", round)
		ctx, cancel := context.WithTimeout(t.Context(), rand.N(usual*5/4))
		_ = s.Insert(ctx, token, batches(rows))
		cancel()
		for successor.Insert(t.Context(), token, batches(rows)) != nil && t.Context().Err() == nil {
			time.Sleep(10 * time.Millisecond)
		}
		want(t, m.Client, "SELECT count(), uniqExact(event_id), uniqExact(_position) FROM events_raw WHERE _batch = 'stream/"+token+"'", "3000 3000 3000")
		want(t, m.Client, "SELECT count() FROM events_raw", fmt.Sprint(len(rows)*(round+2)))
		if n := months(m); n > 0 {
			t.Errorf("round %d: the view differs in %d months", round, n)
		}
	}
	t.Logf("%d rounds; the table had lost parts %d times", all, strings.Count(log.String(), "lost rows"))
}
