package cdc

import (
	"sync"

	"github.com/jackc/pglogrepl"
)

// tracker knows up to where the log has everything of PostgreSQL's log. A batch holds
// the position back to where its first change's transaction begins: to the end of the
// one before it.
type tracker struct {
	mu       sync.Mutex
	received pglogrepl.LSN
	pending  []held // by partition
}

// held are the positions that a partition's batches hold back to, oldest first.
type held []pglogrepl.LSN

func newTracker(partitions int, from pglogrepl.LSN) *tracker {
	return &tracker{received: from, pending: make([]held, partitions)}
}

// receive says that everything before a position has come.
func (t *tracker) receive(to pglogrepl.LSN) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.received = max(t.received, to)
}

// at is up to where everything has come.
func (t *tracker) at() pglogrepl.LSN {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.received
}

// hold notes a batch that begins, and gives what is called once the log has it.
func (t *tracker) hold(partition int, from pglogrepl.LSN) (confirmed func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.pending[partition] = append(t.pending[partition], from)
	return func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.pending[partition] = t.pending[partition][1:]
	}
}

// safe is up to where the log has everything.
func (t *tracker) safe() pglogrepl.LSN {
	t.mu.Lock()
	defer t.mu.Unlock()
	safe := t.received
	for _, h := range t.pending {
		if len(h) > 0 {
			safe = min(safe, h[0])
		}
	}
	return safe
}
