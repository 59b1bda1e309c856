package bench

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/tiendi/tiendi/internal/chaos"
)

const (
	mirrorWriters = 3
	// faultsAtOnce are a round's, at random moments of its first seconds.
	faultsAtOnce = 3
)

// TestChaosCDC mirrors a marketplace into the warehouse while writers change it at random,
// from before the snapshot on, and kills all that is on the way. In the end every staging
// table is the source's table, row for row. The order of faults and what is written follow
// from the seed: TIENDI_SEED repeats it.
func TestChaosCDC(t *testing.T) {
	t.Run("servers", func(t *testing.T) {
		testChaosCDC(t, false, []string{"cdc killed", "worker killed", "RabbitMQ away", "engine killed", "PostgreSQL away"})
	})
	if chaos.Rounds(t, 0) == 0 {
		return // make test has cmd/tiendi's TestCDCFigures for what tiendi runs itself
	}
	t.Run("embedded", func(t *testing.T) {
		testChaosCDC(t, true, []string{"cdc killed", "worker killed", "local services killed", "PostgreSQL away"})
	})
}

func testChaosCDC(t *testing.T, embedded bool, kinds []string) {
	seed, rounds, goal := chaosSeed(t), chaos.Rounds(t, 2), int64(5_000)
	if chaos.Rounds(t, 0) > 0 {
		goal = 200_000
	}
	t.Logf("TIENDI_SEED=%d: %d rounds, %d changes", seed, rounds, goal)
	m := newMirror(t, embedded)
	for _, s := range append(m.workers, m.cdc) {
		must(t, s.start())
	}
	began := time.Now()
	changes := m.storm(t, seed, rounds, goal, kinds)
	t.Logf("the storm took %v: %d changes", time.Since(began).Round(time.Second), changes)
	m.settle(t)
	m.build(t)
	m.check(t)
	m.once(t, "cdc", "drop")
}

// storm has writers write until all faults are over and the goal is reached.
func (m *mirror) storm(t *testing.T, seed uint64, rounds int, goal int64, kinds []string) int64 {
	t.Helper()
	var changes atomic.Int64
	var paced, noted atomic.Bool
	paced.Store(true)
	patience, cancel := context.WithTimeout(t.Context(), time.Duration(rounds)*5*time.Minute)
	inDatabase(t, m.source, "ALTER TABLE stores REPLICA IDENTITY FULL")
	var writers errgroup.Group
	defer func() { cancel(); _ = writers.Wait() }() // where the test has failed
	for n := range uint64(mirrorWriters) {
		s := &scribbler{url: m.source, random: rand.New(rand.NewPCG(seed, n+1)), pace: float64(goal) / float64(20*rounds) / mirrorWriters,
			paced: &paced, goal: goal, changes: &changes, noted: &noted}
		writers.Go(func() error { return s.run(patience) })
	}
	random := rand.New(rand.NewPCG(seed, 0))
	var order []int
	for round := range rounds {
		// Two rounds have all kinds of faults.
		if round%2 == 0 {
			order = random.Perm(len(kinds))
		}
		m.rage(t, random, kinds, order[:faultsAtOnce])
		slices.Reverse(order)
		if round == 0 {
			inDatabase(t, m.source, "ALTER TABLE orders ADD COLUMN note text")
			noted.Store(true)
			inDatabase(t, m.source, "UPDATE orders SET note = 'one at least' WHERE id IN (SELECT id FROM orders LIMIT 1)")
			m.build(t) // while more comes, so that the last build goes on from it
		}
	}
	paced.Store(false)
	must(t, writers.Wait())
	return changes.Load()
}

// rage lets faults happen at random moments, and waits until they are made good.
func (m *mirror) rage(t *testing.T, random *rand.Rand, kinds []string, which []int) {
	t.Helper()
	var all sync.WaitGroup
	for _, i := range which {
		f := newFault(random, kinds[i])
		f.long = min(f.long, 3*time.Second)
		moment := time.Duration(random.Int64N(int64(6 * time.Second)))
		all.Go(func() {
			time.Sleep(moment)
			t.Logf("%s %s", time.Now().Format(time.TimeOnly), f)
			if err := m.suffer(f); err != nil {
				t.Errorf("%s: %v", f, err)
			}
		})
	}
	all.Wait()
}

// settle stops everything in peace, and works off what is left.
func (m *mirror) settle(t *testing.T) {
	t.Helper()
	for _, s := range append(m.workers, m.cdc) {
		if err := s.stop(); err != nil {
			t.Error(err)
		}
		t.Logf("%s was started %d times; ended by itself: %s", s.name, s.starts, strings.Join(s.ends, ", "))
	}
	t.Logf("%s", m.once(t, "cdc", "--once").stderr)
	t.Logf("%s", m.once(t, "stream", "--once").stderr)
}

// build makes the staging tables. Tests of theirs are of a shop's sense, which what is
// written at random has not.
func (m *mirror) build(t *testing.T) {
	t.Helper()
	args := []string{"run", "-q", "-s"}
	for table := range mirrored {
		args = append(args, table+"_raw", table+"_staging")
	}
	m.once(t, args...)
}
