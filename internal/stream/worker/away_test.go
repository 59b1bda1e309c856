package worker_test

import (
	"context"
	"io"
	"sync/atomic"
	"testing"

	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/checkpoint"
	"github.com/tiendi/tiendi/internal/stream/worker"
)

// away is a store that cannot be reached so many times.
type away struct {
	*memory
	times atomic.Int64
}

func (a *away) Load(ctx context.Context, key string, read func(checkpoint.Checkpoint, io.Reader) error) error {
	if a.times.Add(-1) >= 0 {
		return errFlaky
	}
	return a.memory.Load(ctx, key, read)
}

// TestStateAway: a task whose state cannot be read keeps its claim until it can. Each
// further one would be a message in the log, and a chance for others to begin in vain.
func TestStateAway(t *testing.T) {
	w := newWorld(t)
	w.enrich("run0")
	o, b := w.options("one", "run0")
	o.Stages, o.Partitions = []worker.Stage{worker.Events}, 1
	store := &away{memory: w.store}
	store.times.Store(3)
	o.Checkpoints = store
	if err := worker.New(o).Once(t.Context()); err != nil {
		t.Fatal(err)
	}
	log, err := b.Open(t.Context(), worker.TopicSinks, 0)
	if err != nil {
		t.Fatal(err)
	}
	bounds, err := log.Bounds(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r, err := broker.Read(t.Context(), b, worker.TopicSinks, broker.Progress{}, o.Log)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	claims := 0
	for {
		rec, ok, err := r.NextBefore(t.Context(), bounds.Next)
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			break
		}
		if rec.Claim() {
			claims++
		}
	}
	if claims != 1 || store.times.Load() >= 0 {
		t.Errorf("there were %d claims, want one of a task that waited for its state", claims)
	}
}
