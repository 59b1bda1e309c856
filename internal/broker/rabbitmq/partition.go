package rabbitmq

import (
	"context"
	"fmt"
	"sync"

	amqp "github.com/rabbitmq/amqp091-go"

	"github.com/tiendi/tiendi/internal/broker"
)

// partition implements broker.Log.
type partition struct {
	broker *Broker
	topic  string
	number int
	id     string
	queue  string

	mu     sync.Mutex
	writer *publisher
}

func newPartition(b *Broker, topic string, number int, born birth) (*partition, error) {
	if number < 0 || number >= born.Partitions {
		return nil, fmt.Errorf("topic %s has partitions 0 to %d: %w %d", topic, born.Partitions-1, broker.ErrMissing, number)
	}
	return &partition{broker: b, topic: topic, number: number, id: born.log(number), queue: born.queue(topic, number)}, nil
}

// name puts the partition before an error.
func (p *partition) name(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("topic %s, partition %d: %w", p.topic, p.number, err)
}

// Append implements broker.Log.
func (p *partition) Append(ctx context.Context, messages ...broker.Message) error {
	w, err := p.publisher()
	if err != nil {
		return p.name(err)
	}
	return p.name(p.verify(ctx, w.append(ctx, messages)))
}

// publisher returns the one whose channel is good, or opens one.
func (p *partition) publisher() (*publisher, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.writer != nil && p.writer.usable() {
		return p.writer, nil
	}
	line, err := p.broker.write.get()
	if err != nil {
		return nil, err
	}
	p.writer, err = newPublisher(line, p.queue)
	return p.writer, err
}

// Read implements broker.Log.
func (p *partition) Read(ctx context.Context, from uint64) (broker.Cursor, error) {
	ch, _, err := p.broker.read.channel()
	if err != nil {
		return nil, p.name(err)
	}
	c, err := p.consume(ch, int64(from), prefetch)
	if err != nil {
		return nil, p.name(p.verify(ctx, err))
	}
	return c, nil
}

// Bounds implements broker.Log. The log is never empty: it begins with a birth.
func (p *partition) Bounds(ctx context.Context) (broker.Bounds, error) {
	first, err := p.peek(ctx, "first", 1)
	if err != nil {
		return broker.Bounds{}, p.name(p.verify(ctx, err))
	}
	last, err := p.peek(ctx, "last", maxPrefetch)
	if err != nil {
		return broker.Bounds{}, p.name(p.verify(ctx, err))
	}
	return broker.Bounds{ID: p.id, First: first, Next: last + 1}, nil
}

// offsetOf is where the broker says that a message stands.
func offsetOf(d amqp.Delivery) (uint64, bool) {
	offset, ok := d.Headers["x-stream-offset"].(int64)
	return uint64(offset), ok
}
