package broker

import (
	"context"
	"errors"
	"testing"
	"time"
)

func TestTraffic(t *testing.T) {
	traffic := newTraffic()
	enter := func(n uint64) error {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		defer cancel()
		return traffic.enter(ctx, n)
	}
	if err := errors.Join(enter(1), enter(2), enter(Window)); err != nil {
		t.Fatal(err)
	}
	if err := enter(Window + 1); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a batch that leaves the first behind: %v", err)
	}
	traffic.leave(1)
	if err := enter(Window + 1); err != nil {
		t.Errorf("after the first has left: %v", err)
	}
	if err := enter(1); !errors.Is(err, ErrLate) {
		t.Errorf("the first again: %v", err)
	}
}
