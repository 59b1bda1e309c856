package redis

import (
	"context"
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/cache/cachetest"
	"github.com/tiendi/tiendi/internal/stream/record"
	"github.com/tiendi/tiendi/internal/stream/sink"
)

// worker applies one partition, as the runtime does: from what it believes.
type worker struct {
	at    broker.Progress
	log   *log
	tried int // how far anything was sent at all
}

// step applies up to n publications, and asks again when the target has moved.
func (w *worker) step(t *testing.T, target *Target, n int) {
	t.Helper()
	n = min(n, len(w.log.publications)-int(w.at.Next))
	to := progress(w.at.Partition, w.at.Next+uint64(n))
	w.tried = max(w.tried, int(to.Next))
	switch err := target.Apply(context.Background(), w.at, to, w.log.publications[w.at.Next:to.Next]); {
	case err == nil:
		w.at = to
	case errors.Is(err, sink.ErrMoved), errors.Is(err, errDied):
		w.ask(t, target)
	default:
		t.Fatal(err)
	}
}

func (w *worker) ask(t *testing.T, target *Target) {
	t.Helper()
	at, err := target.Applied(context.Background(), w.at.Partition)
	if err != nil {
		t.Fatal(err)
	}
	w.at = at
}

var errDied = errors.New("died on the way")

// death ends the connection at a random call of a script, before or after the
// server has performed it.
type death struct {
	rng *rand.Rand
	off *bool
}

func (d death) DialHook(next goredis.DialHook) goredis.DialHook { return next }

func (d death) ProcessPipelineHook(next goredis.ProcessPipelineHook) goredis.ProcessPipelineHook {
	return next
}

func (d death) ProcessHook(next goredis.ProcessHook) goredis.ProcessHook {
	return func(ctx context.Context, cmd goredis.Cmder) error {
		fate := -1
		if cmd.Name() == "evalsha" && !*d.off {
			fate = d.rng.IntN(40)
		}
		if fate == 0 {
			cmd.SetErr(errDied)
			return errDied
		}
		err := next(ctx, cmd)
		if fate == 1 {
			cmd.SetErr(errDied)
			return errDied
		}
		return err
	}
}

// TestRedisEqualsTheLog applies random logs in random order, with repetitions,
// deaths in the middle, workers that were paused, and an emptied server.
func TestRedisEqualsTheLog(t *testing.T) {
	socket := cachetest.Start(t)
	scratch := goredis.NewClient(&goredis.Options{Addr: socket, DB: 1})
	defer scratch.Close()
	for seed := range uint64(15) {
		rng := rand.New(rand.NewPCG(seed, 1))
		target := open(t, socket)
		target.pieceItems = 5 + rng.IntN(40)
		safe := false
		target.client.AddHook(death{rng, &safe})
		target.client.FlushAll(context.Background())
		runLogs(t, rng, target, scratch, &safe)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

func runLogs(t *testing.T, rng *rand.Rand, target *Target, scratch *goredis.Client, safe *bool) {
	t.Helper()
	begin := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	var logs []*log
	var workers []*worker
	for p := range 2 * halfOfTopic {
		logs = append(logs, makeLog(rng, scratch, p, 60, begin))
		workers = append(workers, &worker{at: progress(p, 0), log: logs[p]})
	}
	for range 150 {
		w := workers[rng.IntN(len(workers))]
		switch rng.IntN(30) {
		case 0: // another process takes over
			w.ask(t, target)
		case 1: // one that slept believes in an old position
			w.at = progress(w.at.Partition, rng.Uint64N(w.at.Next+1))
			w.step(t, target, 1+rng.IntN(9))
		case 2:
			if rng.IntN(3) == 0 {
				target.client.FlushDB(context.Background())
			}
		default:
			w.step(t, target, rng.IntN(12))
		}
		if rng.IntN(25) == 0 {
			*safe = true
			checkNow(t, logs, workers, target, scratch)
			*safe = false
		}
	}
	for _, w := range workers {
		for int(w.at.Next) < len(w.log.publications) {
			w.step(t, target, 1+rng.IntN(30))
		}
	}
	*safe = true
	checkNow(t, logs, workers, target, scratch)
}

// checkNow first repeats what may have been left half done: figures may be ahead of
// the position until then.
func checkNow(t *testing.T, logs []*log, workers []*worker, target *Target, scratch *goredis.Client) {
	t.Helper()
	applied := make([]int, len(workers))
	for p, w := range workers {
		for w.ask(t, target); int(w.at.Next) < w.tried; {
			w.step(t, target, w.tried-int(w.at.Next))
		}
		applied[p] = int(w.at.Next)
	}
	expect(logs, applied).check(t, target.client, scratch)
}

// TestOlderChangesNothing: a lower revision, and the same one again.
func TestOlderChangesNothing(t *testing.T) {
	target := start(t)
	w := record.Window{Grain: record.Day, Start: 1795132800, StoreID: id(1)}
	at := func(revision, views uint64) *record.Publication {
		return &record.Publication{Updates: []record.Update{{Window: w, Revision: revision, Counts: record.Counts{Views: views}}}}
	}
	apply(t, target, 0, 0, at(5, 10))
	apply(t, target, 1, 0, at(7, 1), at(6, 99))
	apply(t, target, 0, 1, at(4, 3), at(5, 10))
	if got := totals(t, target.client, keyOf(w)); got.Views != 11 {
		t.Errorf("%d views, want 10 of partition 0 and 1 of partition 1", got.Views)
	}
}
