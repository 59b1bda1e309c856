package cdc

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/change"
)

const (
	// batchBytes is when a batch is sent at the latest.
	batchBytes = 256 << 10
	// maxRow is what a batch of one row can be: a relation's description goes before it.
	maxRow = broker.MaxBody - 256<<10
	// inFlight bounds the bytes that wait for the log's confirmation.
	inFlight = 64 << 20
	// maxBuilding bounds those of all batches of one writer that are not full yet.
	maxBuilding = 16 << 20

	firstPause = 50 * time.Millisecond
	lastPause  = 5 * time.Second
)

// output sends batches, in order in each partition.
type output struct {
	producer *broker.Producer
	room     *semaphore.Weighted
	lanes    []*lane
	slow     func(partition int, err error) // told of each failed try
	fail     func(error)                    // told of the one that ends it all
}

// lane is a partition's queue.
type lane struct {
	mu    sync.Mutex
	queue []sending
	more  chan struct{} // has one when the queue is not empty
}

// sending is a batch that has its number.
type sending struct {
	broker.Batch
	confirmed func()
}

func newOutput(o *Options) *output {
	out := &output{producer: broker.NewProducer(o.Broker, change.Topic), room: semaphore.NewWeighted(inFlight)}
	for range o.Partitions {
		out.lanes = append(out.lanes, &lane{more: make(chan struct{}, 1)})
	}
	return out
}

// start sends until the context ends. wait returns when all has ended.
func (out *output) start(ctx context.Context) (wait func()) {
	var running sync.WaitGroup
	for _, l := range out.lanes {
		running.Go(func() { out.serve(ctx, l) })
	}
	return running.Wait
}

// put queues a batch for which there is room. confirmed is called once the log has it.
func (out *output) put(partition int, body []byte, count int, confirmed func()) {
	l := out.lanes[partition]
	l.mu.Lock()
	l.queue = append(l.queue, sending{out.producer.Batch(partition, body, count), confirmed})
	l.mu.Unlock()
	select {
	case l.more <- struct{}{}:
	default:
	}
}

func (out *output) serve(ctx context.Context, l *lane) {
	for {
		select {
		case <-l.more:
		case <-ctx.Done():
			return
		}
		for b, ok := l.next(); ok; b, ok = l.next() {
			if err := out.surely(ctx, b.Batch); err != nil {
				if ctx.Err() == nil {
					out.fail(err)
				}
				return
			}
			b.confirmed()
			out.room.Release(int64(len(b.Body)))
		}
	}
}

func (l *lane) next() (b sending, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.queue) == 0 {
		return b, false
	}
	b, l.queue = l.queue[0], l.queue[1:]
	return b, true
}

// surely sends a batch again until the log has it, for as long as that takes.
func (out *output) surely(ctx context.Context, b broker.Batch) error {
	for wait := firstPause; ; wait = min(2*wait, lastPause) {
		err := out.producer.Append(ctx, b)
		if err == nil || ctx.Err() != nil || !errors.Is(err, broker.ErrUnavailable) && !errors.Is(err, broker.ErrUnconfirmed) {
			return err
		}
		out.slow(b.Partition, err)
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// idle returns when everything is confirmed, or the context ends.
func (out *output) idle(ctx context.Context) error {
	if err := out.room.Acquire(ctx, inFlight); err != nil {
		return err
	}
	out.room.Release(inFlight)
	return nil
}
