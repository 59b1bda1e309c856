package worker_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/stream/worker"
)

// trimmed is a target that counts how often it is trimmed.
type trimmed struct {
	*target
	trims atomic.Int32
}

func (t *trimmed) Trim(context.Context, time.Time) error {
	t.trims.Add(1)
	return errors.New("not now")
}

// TestTrim: one of a target's partitions trims it, once in a while, and whether that
// works changes nothing.
func TestTrim(t *testing.T) {
	w := newWorld(t)
	w.send(0, 50)
	w.end("run")
	o, _ := w.options("one", "run")
	target := &trimmed{target: w.target}
	o.Targets[worker.Redis] = target
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := worker.New(o).Once(ctx); err != nil {
		t.Fatal(err)
	}
	w.check()
	if n := target.trims.Load(); n < 1 || n > 20 {
		t.Errorf("it was trimmed %d times", n)
	}
}
