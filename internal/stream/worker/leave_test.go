package worker_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/stream/record"
	"github.com/tiendi/tiendi/internal/stream/worker"
)

// locked is a list of workers that nobody can take himself off.
type locked struct{ *memory }

func (locked) Leave(context.Context, string) error { return errors.New("the list is away") }

// TestLeaveUnseen: a worker that is told to stop while the list of workers is away
// has drained all the same, and ends well. The others miss its beat.
func TestLeaveUnseen(t *testing.T) {
	w := newWorld(t)
	o, _ := w.options("one", "")
	o.Members = locked{w.store}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := worker.New(o).Run(ctx); err != nil {
		t.Errorf("the worker ended with %v", err)
	}
}

// reluctant publishes nothing that may wait.
type reluctant struct{ counter }

func (r *reluctant) Flush(of worker.Extent, send func(*record.Publication) error) error {
	if of < worker.Leaving {
		return nil
	}
	return r.counter.Flush(of, send)
}

// TestLeavePublished: what an operator lets wait is published by a worker that leaves,
// although nobody takes over.
func TestLeavePublished(t *testing.T) {
	w := newWorld(t)
	w.send(0, 100)
	o, _ := w.options("one", "")
	o.Stages = []worker.Stage{worker.Enrich, worker.Aggregate, worker.Sessionize}
	o.Windows = func() worker.Operator { return &reluctant{} }
	o.Session = o.Windows
	one := worker.New(o)
	folded := func() (n uint64) {
		for _, task := range one.Status() {
			if task.Stage == worker.Aggregate || task.Stage == worker.Sessionize {
				n += task.Events
			}
		}
		return n
	}
	during(t, one, func() bool { return folded() == 200 })

	o, _ = w.options("two", "")
	o.Stages = []worker.Stage{worker.Redis}
	during(t, worker.New(o), func() bool { return w.target.total() == 200 })
}

// during runs a worker until something is so.
func during(t *testing.T, one *worker.Worker, is func() bool) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- one.Run(ctx) }()
	for end := time.Now().Add(time.Minute); !is(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Error("it does not come")
			break
		}
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
