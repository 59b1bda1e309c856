package bench

import (
	"sync"
	"testing"

	"github.com/tiendi/tiendi/internal/chaos"
)

// TestChaosOverlap runs tiendi beside itself over the same models, from one
// folder on the embedded engine, and from two folders on a server that they
// share. Both runs end well, and the tables are those of a single run.
func TestChaosOverlap(t *testing.T) {
	t.Run("embedded", func(t *testing.T) {
		s := openShop(t, nil)
		overlap(t, s, s)
	})
	t.Run("server", func(t *testing.T) {
		server := newProgram(t).engine(t)
		s := openShop(t, &server)
		overlap(t, s, newShop(t, &server))
	})
}

func overlap(t *testing.T, s, other *shop) {
	t.Helper()
	beside := [][]string{
		{"run"},
		{"run", "-s", "+sales_mart", "+traffic_mart"},
		{"run", "--full-refresh"},
	}
	for round := range chaos.Rounds(t, 1) {
		s.grow(t)
		var both sync.WaitGroup
		both.Go(func() { succeed(t, s.program, "run") })
		both.Go(func() { succeed(t, other.program, beside[round%len(beside)]...) })
		both.Wait()
		if t.Failed() {
			return
		}
		found := s.tables(t)
		if names := s.temporary(t); len(names) > 0 {
			t.Errorf("tables are left over: %v", names)
		}
		s.run(t, "run", "--full-refresh")
		if text := different(found, s.tables(t)); text != "" {
			t.Fatalf("round %d: two runs at once left other tables than a full refresh:\n%s", round+1, text)
		}
	}
}

func succeed(t *testing.T, p program, args ...string) {
	if o := p.try(t.Context(), args...); o.err != nil {
		t.Errorf("tiendi %v: %v\n%s%s", args, o.err, o.stdout, o.stderr)
	}
}
