package bench

import (
	"fmt"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/local"
)

// BenchmarkBackfill rebuilds a year of all marts in daily slices, swapped in by
// partition, beside the statements of one rebuild of the whole, sent by a bare
// client. By --grain day each day is a query of its own.
func BenchmarkBackfill(b *testing.B) {
	const days, rounds = 365, 3
	s := newShop(b, nil)
	b.Cleanup(func() { s.down(b) })
	from, to := firstDay.Format(time.DateOnly), firstDay.AddDate(0, 0, days).Format(time.DateOnly)
	s.run(b, "generate", "--out", "data", "--from", from, "--to", to, "--events", fmt.Sprint(*eventsFlag), "--probe-interval", "1h")
	s.run(b, "load", "data", "--allow-expired", "-q")
	s.run(b, "run", "-q")
	s.run(b, "run", "--full-refresh", "-s", "path:models/marts", "--statement-log", "-q")
	plain := readReplay(b, s.program)
	backfill := []string{"backfill", "--from", from, "--to", to, "-s", "path:models/marts", "-q"}
	for b.Loop() {
		var ratios, walls, peers []float64
		for range rounds {
			peer := s.send(b, plain)
			wall := s.run(b, backfill...).wall
			peer = (peer + s.send(b, plain)) / 2
			ratios = append(ratios, wall.Seconds()/peer.Seconds())
			walls, peers = append(walls, wall.Seconds()), append(peers, peer.Seconds())
		}
		scores.atMost(b, median(ratios), 1.3, "of-plain-rebuild", fmt.Sprintf(" (%.2f s / %.2f s)", median(walls), median(peers)))
		single := s.run(b, append(backfill, "--grain", "day")...).wall
		scores.tell(b, single.Seconds()/median(peers), "of-plain-rebuild-by-single-days")
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
