package worker_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/stream/record"
	"github.com/tiendi/tiendi/internal/stream/worker"
)

// TestStopInRepetition stops the sink of events when it has read the first rows of
// its predecessor's last intent again. They belong to that insert: under another
// token they would be in the table twice.
func TestStopInRepetition(t *testing.T) {
	w := newWorld(t)
	w.enrich("run0", "run1")
	o, b := w.options("two", "later")
	w.intend(b)
	o.Stages, o.Partitions = []worker.Stage{worker.Events}, 1
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	calls := 0
	w.store.loaded.Store(false)
	o.Clock = func() time.Time {
		// The first after the checkpoint is of the wait for rows, the second of their
		// coming.
		if w.store.loaded.Load() {
			if calls++; calls == 2 {
				stop()
			}
		}
		return time.Now()
	}
	_ = worker.New(o).Once(ctx) // it is stopped
	if calls < 2 {
		t.Error("it did not come to the rows")
	}
	for token, rows := range w.table.inserts {
		t.Errorf("%d rows are inserted under %s", len(rows), token)
	}
}

// TestEndInRepetition has the end of the run among the rows that are inserted again,
// as when the sink fails behind its last intent and begins anew.
func TestEndInRepetition(t *testing.T) {
	w := newWorld(t)
	w.enrich("run0", "run1")
	o, b := w.options("two", "run1")
	w.intend(b)
	o.Stages, o.Partitions = []worker.Stage{worker.Events}, 1
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := worker.New(o).Once(ctx); err != nil {
		t.Error(err)
	}
	if len(w.table.inserts) != 1 {
		t.Errorf("there were %d inserts, want the one of the intent", len(w.table.inserts))
	}
}

// enrich brings fifty events a run into the enriched topic, as a message of its own.
func (w *world) enrich(runs ...string) {
	w.t.Helper()
	for i, run := range runs {
		w.send(50*i, 50*i+50)
		w.end(run)
		o, _ := w.options("one", run)
		o.Stages = []worker.Stage{worker.Enrich}
		if err := worker.New(o).Once(w.t.Context()); err != nil {
			w.t.Fatal(err)
		}
	}
}

// intend writes an intent for all of the first partition, as a worker does that then
// dies.
func (w *world) intend(b broker.Broker) {
	w.t.Helper()
	w.intendOf(b, record.TopicEnriched, worker.TopicSinks)
}

func (w *world) intendOf(b broker.Broker, topic, claims string) {
	w.t.Helper()
	log, err := b.Open(w.t.Context(), topic, 0)
	if err != nil {
		w.t.Fatal(err)
	}
	bounds, err := log.Bounds(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	owner, err := broker.Claim(w.t.Context(), b, claims, 0)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = owner.Close() }()
	intent := fmt.Appendf(nil, `{"from":{"log":%q,"partition":0,"next":%d},"to":%d}`, bounds.ID, bounds.First, bounds.Next)
	if err := owner.Append(w.t.Context(), broker.Payload{Body: intent}); err != nil {
		w.t.Fatal(err)
	}
}
