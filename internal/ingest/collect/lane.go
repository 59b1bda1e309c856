package collect

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/tracing"
)

// laneQueue is how many chunks may wait for a lane; their bytes are bounded by
// the collector's budget.
const laneQueue = 1024

// lane is the way of one partition's events, from all requests, into the log.
// Order is kept by having one batch under way at a time, and by sending nothing
// past what lies in the spool.
type lane struct {
	topic     Topic
	partition int
	backlog   *backlog
	inFlight  *budget
	limits    Limits
	metrics   *metrics
	tracer    *tracing.Tracer
	log       *slog.Logger

	queue   chan chunk
	ready   chan load
	closing chan struct{}
	spooled chan struct{} // has room for one: there is something to drain
}

// load is a batch in the making, and who waits for it.
type load struct {
	from  []chunk
	bytes int // of their lines
	count int
}

// put hands a chunk over. Its done is told what became of it.
func (l *lane) put(ctx context.Context, c chunk) error {
	select {
	case <-l.closing:
		return busy("the collector is being stopped")
	default:
	}
	select {
	case l.queue <- c:
		return nil
	case <-ctx.Done():
		return late()
	}
}

// gather makes batches of what is put, until closing. While a batch waits for its
// turn, it grows.
func (l *lane) gather() {
	defer close(l.ready)
	for {
		var b load
		select {
		case c := <-l.queue:
			b.add(c)
		case <-l.closing:
			l.flush()
			return
		}
		l.linger(&b)
		l.pass(b)
	}
}

// linger waits a moment for more.
func (l *lane) linger(b *load) {
	timer := time.NewTimer(l.limits.Linger)
	defer timer.Stop()
	for !b.full() {
		select {
		case c := <-l.queue:
			b.add(c)
		case <-timer.C:
			return
		case <-l.closing:
			return
		}
	}
}

// pass gives the batch on, and fills it up meanwhile.
func (l *lane) pass(b load) {
	for !b.full() {
		select {
		case l.ready <- b:
			return
		case c := <-l.queue:
			b.add(c)
		}
	}
	l.ready <- b
}

// flush passes on what is left when no more comes.
func (l *lane) flush() {
	for {
		select {
		case c := <-l.queue:
			b := load{}
			b.add(c)
			l.pass(b)
		default:
			return
		}
	}
}

func (b *load) add(c chunk) {
	b.from = append(b.from, c)
	b.bytes += len(c.body)
	b.count += c.count
}

func (b *load) full() bool { return b.bytes >= batchBytes || b.count >= batchEvents }

// body is the lines of all chunks.
func (b *load) body() []byte {
	if len(b.from) == 1 {
		return b.from[0].body
	}
	body := make([]byte, 0, b.bytes)
	for i := range b.from {
		body = append(body, b.from[i].body...)
	}
	return body
}

// send delivers batches until there are no more.
func (l *lane) send() {
	for b := range l.ready {
		batch := l.topic.Log.Batch(l.partition, b.body(), b.count)
		span := l.trace(&batch, b.from)
		err := l.deliver(batch, span)
		span.End(b.count, err)
		for _, c := range b.from {
			l.inFlight.give(int64(cap(c.body)))
			c.done <- err
		}
	}
}

// deliver appends a batch, or puts it into the spool: behind what is there
// already, or because the broker did not confirm it.
func (l *lane) deliver(b broker.Batch, span *tracing.Span) error {
	if l.backlog.empty() {
		err := l.append(context.Background(), b)
		if err == nil {
			return nil
		}
		l.log.Warn("the broker does not take events; they go to the spool", "err", err)
		span.Failed(err)
	}
	span.Spooled()
	switch err := l.backlog.add(b); {
	case errors.Is(err, errFull):
		return busy("the broker is away, and the spool is full")
	case err != nil:
		l.log.Error("the spool cannot be written", "err", err)
		return busy("the broker is away, and the spool cannot be written")
	}
	select {
	case l.spooled <- struct{}{}:
	default:
	}
	return nil
}

func (l *lane) append(ctx context.Context, b broker.Batch) error {
	ctx, cancel := context.WithTimeout(ctx, l.limits.ConfirmTimeout)
	defer cancel()
	began := time.Now()
	err := l.topic.Log.Append(ctx, b)
	l.metrics.published(l.topic.Name, time.Since(began), err)
	return err
}
