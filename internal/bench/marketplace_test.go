package bench

import (
	"context"
	"flag"
	"testing"

	"github.com/tiendi/tiendi/internal/local"
)

var eventsFlag = flag.Int("events", 1_000_000, "events of the marketplace that BenchmarkMarketplace loads and builds")

// BenchmarkMarketplace loads and builds a generated marketplace and builds it
// again. The memory is that of the tiendi process, which passes rows on but
// never holds them; the engine's own is told beside it.
func BenchmarkMarketplace(b *testing.B) {
	s := newShop(b, nil)
	b.Cleanup(func() { s.down(b) })
	_, events := s.generate(b, *eventsFlag)
	for b.Loop() {
		loaded := s.run(b, "load", "data", "--allow-expired", "-q")
		first := s.run(b, "build", "-q")
		second := s.run(b, "build", "-q")
		scores.tell(b, float64(events), "events")
		scores.tell(b, loaded.wall.Seconds(), "load-s")
		scores.tell(b, first.wall.Seconds(), "build-s")
		scores.tell(b, second.wall.Seconds(), "second-build-s")
		scores.atMost(b, float64(loaded.peak)/1e6, 100, "load-MB", "")
		scores.atMost(b, float64(max(first.peak, second.peak))/1e6, 100, "build-MB", "")
		if peak, ok := s.enginePeak(b); ok {
			scores.tell(b, peak/1e6, "engine-MB")
		}
	}
}

// enginePeak is the engine's largest resident set in bytes, where the system
// tells it.
func (s *shop) enginePeak(b *testing.B) (float64, bool) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.Context(), patience)
	defer cancel()
	status, err := local.ReadStatus(ctx, s.localOptions())
	if err != nil || len(status.Services) == 0 {
		b.Fatalf("no engine: %v", err)
	}
	peak, err := memoryOf(status.Services[0].PID, "VmHWM")
	return float64(peak), err == nil
}
