package bench

import (
	"context"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/tiendi/tiendi/internal/chaos"
)

const storySenders = 10

// TestChaosStream sends the events of people who visit shops to two collectors, and
// kills, stops and cuts off all that is on their way to ClickHouse, PostgreSQL and
// Redis. In the end every store has each accepted event once, and the figures and
// sessions that a ledger of the senders' own comes to. The order of faults follows
// from the seed: TIENDI_SEED repeats it.
func TestChaosStream(t *testing.T) {
	seed, rounds := chaosSeed(t), chaos.Rounds(t, 0)
	faults := plan(rand.New(rand.NewPCG(seed, 0)), rounds)
	t.Logf("TIENDI_SEED=%d: %d faults", seed, len(faults))
	r := newRig(t)
	for _, s := range slices.Concat(r.collectors, r.workers) {
		must(t, s.start())
	}
	began := time.Now()
	l := r.storm(t, seed, faults)
	t.Logf("the storm took %v: %d events of %v accepted, %d requests sent again, %d repeated",
		time.Since(began).Round(time.Second), len(l.facts), l.span().Round(time.Minute), l.again, l.repeated)
	if len(l.refused) > 0 || len(l.facts) < 1000 {
		t.Fatalf("%d events are too few, or collectors refused them: %q", len(l.facts), l.refused)
	}
	r.settle(t)
	r.check(t, l.facts)
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// storm lets people visit the shops until all faults are over.
func (r *rig) storm(t *testing.T, seed uint64, faults []fault) *ledger {
	t.Helper()
	long := 20 * time.Second
	for _, f := range faults {
		long += f.pause
	}
	l, story := &ledger{}, newStory(2*long)
	telling, stop := context.WithCancel(t.Context())
	patience, cancel := context.WithTimeout(t.Context(), 10*long)
	defer cancel()
	go story.run(telling, func() bool { return l.waiting.Load() == 0 && !r.spooled() })
	var senders errgroup.Group
	for n := range uint64(storySenders) {
		senders.Go(func() error { return newSender(l, story, r.urls, seed, n+1).run(telling, patience) })
	}
	r.rage(t, faults)
	time.Sleep(5 * time.Second) // and some events of a calm time
	stop()
	must(t, senders.Wait())
	return l
}

// rage lets the faults happen, and waits until the last is made good.
func (r *rig) rage(t *testing.T, faults []fault) {
	t.Helper()
	kinds := map[string]int{}
	var all sync.WaitGroup
	for _, f := range faults {
		time.Sleep(f.pause)
		t.Logf("%s %s", time.Now().Format(time.TimeOnly), f)
		kinds[f.kind]++
		all.Go(func() {
			if err := r.suffer(f); err != nil {
				t.Errorf("%s: %v", f, err)
			}
		})
	}
	all.Wait()
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		t.Logf("%d × %s", kinds[kind], kind)
	}
}

// settle stops everything in peace once the spools are empty, and works off what is
// left in the log.
func (r *rig) settle(t *testing.T) {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); r.spooled(); time.Sleep(100 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the collectors' spools are not emptied although all servers are well")
		}
	}
	for _, s := range slices.Concat(r.collectors, r.workers) {
		if err := s.stop(); err != nil {
			t.Error(err)
		}
		t.Logf("%s was started %d times; ended by itself: %s", s.name, s.starts, strings.Join(s.ends, ", "))
	}
	once := r.command(t.Context(), "stream", "--once")
	once.Env = append(slices.Clone(r.env), r.servers("worker0")...)
	if o := measure(once); o.err != nil {
		t.Fatalf("stream --once: %v\n%s", o.err, o.stderr)
	}
}
