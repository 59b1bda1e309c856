package postgres_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tiendi/tiendi/internal/postgres"
	"github.com/tiendi/tiendi/internal/stream/sink"
)

// TestKilledSessions ends the server's processes at random while partitions are
// written, each by two writers who do not know of each other. Whoever fails asks
// for the position and goes on from there.
func TestKilledSessions(t *testing.T) {
	p := open(t, time.UTC)
	o := newOracle()
	const partitions, calls = 2, 150
	var away, moved atomic.Int64
	var writers sync.WaitGroup
	for partition := range partitions {
		list := steps(newHistory(partition, rand.Uint64()), calls)
		for _, s := range list {
			o.add(partition, s.publications)
		}
		for range 2 {
			writers.Go(func() {
				for next := uint64(0); next < calls && !t.Failed(); {
					s := list[next]
					err := p.Apply(t.Context(), s.from, s.to, s.publications)
					switch {
					case err == nil:
						next++
						continue
					case errors.Is(err, postgres.ErrUnavailable):
						away.Add(1)
					case errors.Is(err, sink.ErrMoved):
						moved.Add(1)
					default:
						t.Error(err)
					}
					if at, err := p.Applied(t.Context(), partition); err == nil {
						next = at.Next
					} else if !errors.Is(err, postgres.ErrUnavailable) {
						t.Error(err)
					}
				}
			})
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	var killer sync.WaitGroup
	killer.Go(func() { p.kill(ctx) })
	writers.Wait()
	cancel()
	killer.Wait()
	// The last blow may have hit connections that lie idle; each is found out once.
	for range 20 {
		if _, err := p.Applied(t.Context(), 0); err == nil {
			break
		}
	}
	t.Logf("%d calls failed, %d came second", away.Load(), moved.Load())
	if away.Load() == 0 || moved.Load() == 0 {
		t.Error("nothing was tried")
	}
	p.hold(t, o)
	for partition := range partitions {
		if at, err := p.Applied(t.Context(), partition); err != nil || at.Next != calls {
			t.Errorf("partition %d is at %d, %v", partition, at.Next, err)
		}
	}
}

// kill ends all other sessions of the database, again and again.
func (p place) kill(ctx context.Context) {
	const others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
	for ctx.Err() == nil {
		// That another one of these ends this one does not matter.
		_ = p.db.Tx(ctx, func(tx pgx.Tx) error {
			_, err := tx.Exec(ctx, others)
			return err
		})
		time.Sleep(time.Duration(rand.Int64N(int64(60 * time.Millisecond))))
	}
}
