package broker

import (
	"context"
	"fmt"
	"sync"
)

// lane is what sequences are counted in.
type lane struct {
	partition int
	producer  string
}

// traffic keeps the batches under way close enough together for readers to tell an
// overtaken one from a doubled one.
type traffic struct {
	mu      sync.Mutex
	highest uint64 // ever entered
	inside  map[uint64]bool
	left    chan struct{} // closed and replaced when one leaves
}

func newTraffic() *traffic {
	return &traffic{inside: map[uint64]bool{}, left: make(chan struct{})}
}

// enter waits while an older batch is under way that this one must not leave behind.
func (t *traffic) enter(ctx context.Context, sequence uint64) error {
	for {
		t.mu.Lock()
		if sequence+Window <= t.highest {
			t.mu.Unlock()
			return fmt.Errorf("%w: it is batch %d of its producer, and %d was sent; number it anew, and it may be stored twice",
				ErrLate, sequence, t.highest)
		}
		if !t.leavesBehind(sequence) {
			t.highest = max(t.highest, sequence)
			t.inside[sequence] = true
			t.mu.Unlock()
			return nil
		}
		left := t.left
		t.mu.Unlock()
		select {
		case <-left:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// leavesBehind needs the lock. Only a batch beyond the highest can.
func (t *traffic) leavesBehind(sequence uint64) bool {
	if sequence <= t.highest {
		return false
	}
	for other := range t.inside {
		if other+Window <= sequence {
			return true
		}
	}
	return false
}

func (t *traffic) leave(sequence uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.inside, sequence)
	close(t.left)
	t.left = make(chan struct{})
}
