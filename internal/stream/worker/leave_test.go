package worker_test

import (
	"context"
	"errors"
	"testing"

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
