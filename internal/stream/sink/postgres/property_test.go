package postgres_test

import (
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// hold compares the tables with the oracle.
func (p place) hold(t testing.TB, o *oracle) {
	t.Helper()
	for query, want := range map[string][]string{windowRows: sorted(o.windows), sessionRows: sorted(o.sessions)} {
		var got []string
		err := p.db.Tx(t.Context(), func(tx pgx.Tx) error {
			rows, err := tx.Query(t.Context(), query)
			if err == nil {
				got, err = pgx.CollectRows(rows, pgx.RowTo[string])
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if d := difference(got, want); d != "" || len(got) != len(want) || len(want) == 0 {
			t.Errorf("%d rows, want %d\n%s", len(got), len(want), d)
		}
	}
}

// step is one call of Apply, and what it is of the log.
type step struct {
	from, to     broker.Progress
	publications []*record.Publication
}

// steps are a partition's log in calls of any size. Now and then the aggregator
// begins again further back.
func steps(h *history, n int) []step {
	var list []step
	revision, highest := uint64(1), uint64(1)
	for next := uint64(0); next < uint64(n); next++ {
		to := revision + 1 + h.random.Uint64N(6)
		list = append(list, step{at(h.partition, next), at(h.partition, next+1), h.publications(revision, to)})
		highest = max(highest, to)
		if revision = to; h.random.IntN(5) == 0 {
			revision -= h.random.Uint64N(min(revision, 20))
		}
	}
	return list
}

// TestOracle applies random logs of several partitions at once.
func TestOracle(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	p := open(t, time.UTC)
	o := newOracle()
	var g sync.WaitGroup
	for partition := range 3 {
		list := steps(newHistory(partition, seed), 60)
		for _, s := range list {
			o.add(partition, s.publications)
		}
		g.Go(func() {
			for _, s := range list {
				if err := p.Apply(t.Context(), s.from, s.to, s.publications); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	g.Wait()
	p.hold(t, o)
}

// TestAnyOrder applies single updates in any order and several times. Their sketches
// are all there, since "unchanged" means something in the order of a log only.
func TestAnyOrder(t *testing.T) {
	p := open(t, time.UTC)
	h, o := newHistory(0, rand.Uint64()), newOracle()
	var all []*record.Publication
	for revision := uint64(1); revision < 200; revision++ {
		all = append(all, h.publications(revision, revision+1)...)
	}
	all = append(all, all[:100]...)
	o.add(0, all)
	h.random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	next := uint64(0)
	for len(all) > 0 {
		n := min(len(all), 1+h.random.IntN(20))
		apply(t, p, at(0, next), at(0, next+1), all[:n]...)
		all = all[n:]
		next++
	}
	p.hold(t, o)
}
