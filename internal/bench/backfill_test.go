package bench

import (
	"fmt"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/local"
)

// BenchmarkBackfill rebuilds a year of all marts in daily slices, swapped in by
// partition, beside the statements of one rebuild of the whole, sent by a bare
// client: the same tables, from the same rows, by as many threads. Of one month it
// also says what it costs that by --grain day each day is a query of its own, which
// for a year would take as long as all else here.
func BenchmarkBackfill(b *testing.B) {
	const days, single, rounds = 365, 31, 5
	s := newShop(b, nil)
	b.Cleanup(func() { s.down(b) })
	day := func(n int) string { return firstDay.AddDate(0, 0, n).Format(time.DateOnly) }
	s.run(b, "generate", "--out", "data", "--from", day(0), "--to", day(days), "--events", fmt.Sprint(*eventsFlag), "--probe-interval", "1h")
	s.run(b, "load", "data", "--allow-expired", "-q")
	s.run(b, "run", "-q")
	s.run(b, "local", "up") // neither side waits for an engine to start
	s.run(b, "run", "--full-refresh", "-s", "path:models/marts", "--statement-log", "-q")
	plain := readReplay(b, s.program)
	backfill := func(days int, more ...string) float64 {
		return s.run(b, append([]string{"backfill", "--from", day(0), "--to", day(days), "-s", "path:models/marts", "-q"}, more...)...).wall.Seconds()
	}
	for b.Loop() {
		var ratios, walls, peers []float64
		for range rounds {
			peer := s.send(b, plain).Seconds()
			wall := backfill(days)
			peer = (peer + s.send(b, plain).Seconds()) / 2
			ratios, walls, peers = append(ratios, wall/peer), append(walls, wall), append(peers, peer)
		}
		scores.atMost(b, median(ratios), 1.3, "of-plain-rebuild", fmt.Sprintf(" (%.2f s / %.2f s)", median(walls), median(peers)))
		month := backfill(single)
		scores.tell(b, backfill(single, "--grain", "day")/month, "of-a-month-by-single-days")
	}
}

// send replays statements over a lease of its own.
func (s *shop) send(b *testing.B, log replay) time.Duration {
	b.Helper()
	lease, err := local.Acquire(b.Context(), s.localOptions())
	if err != nil {
		b.Fatal(err)
	}
	defer lease.Release()
	at := lease.Warehouse()
	at.Database = "shop"
	return log.send(b, at, threads)
}
