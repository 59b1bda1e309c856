package broker

import (
	"context"
	"fmt"
	"sync"

	"github.com/google/uuid"
)

// Producer writes to a topic that nobody claims. It is safe for concurrent use.
type Producer struct {
	broker Broker
	topic  string
	id     string

	mu       sync.Mutex
	logs     map[int]Log
	numbered map[int]uint64 // highest sequence given out, by partition
	lanes    map[lane]*traffic
}

// Batch is numbered once and sent until it is stored, by this process or by one
// that found it in a spool.
type Batch struct {
	Partition int
	Message
}

// NewProducer writes under an id of its own, which no other producer ever has.
func NewProducer(b Broker, topic string) *Producer {
	return &Producer{
		broker: b, topic: topic, id: uuid.NewString(),
		logs: map[int]Log{}, numbered: map[int]uint64{}, lanes: map[lane]*traffic{},
	}
}

// Batch numbers a batch of count events. The body is kept, not copied.
func (p *Producer) Batch(partition int, body []byte, count int) Batch {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.numbered[partition]++
	return Batch{Partition: partition, Message: Message{Body: body, Header: Header{
		Producer: p.id, Sequence: p.numbered[partition], Count: count,
	}}}
}

// Append tries once and returns when the batch is stored. After ErrUnavailable or
// ErrUnconfirmed append the same Batch again: if it was stored after all, readers
// drop the second. Batches of one goroutine keep their order as long as none fails.
// One that failed may wait until Window-1 newer ones of its partition are stored;
// later it is ErrLate.
func (p *Producer) Append(ctx context.Context, b Batch) error {
	if err := b.CheckSize(); err != nil {
		return fmt.Errorf("topic %s, partition %d: %w", p.topic, b.Partition, err)
	}
	log, err := p.open(ctx, b.Partition)
	if err != nil {
		return err
	}
	t := p.traffic(b)
	if err := t.enter(ctx, b.Sequence); err != nil {
		return fmt.Errorf("topic %s, partition %d: %w", p.topic, b.Partition, err)
	}
	defer t.leave(b.Sequence)
	return log.Append(ctx, b.Message)
}

func (p *Producer) open(ctx context.Context, partition int) (Log, error) {
	p.mu.Lock()
	log := p.logs[partition]
	p.mu.Unlock()
	if log != nil {
		return log, nil
	}
	log, err := p.broker.Open(ctx, p.topic, partition)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.logs[partition] = log
	return log, nil
}

func (p *Producer) traffic(b Batch) *traffic {
	p.mu.Lock()
	defer p.mu.Unlock()
	key := lane{b.Partition, b.Producer}
	if p.lanes[key] == nil {
		p.lanes[key] = newTraffic()
	}
	return p.lanes[key]
}
