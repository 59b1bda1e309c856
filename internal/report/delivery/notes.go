package delivery

import (
	"context"
	"sync"
	"time"
)

// noteTimeout is for noting what is sent also where the run is to end.
const noteTimeout = 30 * time.Second

// notes writes into the ledger for all workers: while one write is under way, what comes
// gathers for the next.
type notes struct {
	ledger  Ledger
	mu      sync.Mutex
	writing bool
	waiting *batch
}

// batch is notes that are written together.
type batch struct {
	ids  []string
	done chan struct{} // closed when they are written, or err says why not
	err  error
}

// add returns when the ids are noted.
func (n *notes) add(ctx context.Context, ids []string) error {
	n.mu.Lock()
	if n.waiting == nil {
		n.waiting = &batch{done: make(chan struct{})}
	}
	mine := n.waiting
	mine.ids = append(mine.ids, ids...)
	if n.writing {
		n.mu.Unlock()
		<-mine.done
		return mine.err
	}
	n.writing = true
	n.write(ctx)
	return mine.err
}

// write writes batches until nothing waits. It is called with the lock held, and gives it back.
func (n *notes) write(ctx context.Context) {
	for n.waiting != nil {
		b := n.waiting
		n.waiting = nil
		n.mu.Unlock()
		bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), noteTimeout)
		b.err = n.ledger.Note(bounded, b.ids)
		cancel()
		close(b.done)
		n.mu.Lock()
	}
	n.writing = false
	n.mu.Unlock()
}
