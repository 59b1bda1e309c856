package rabbitmq

import (
	"context"
	"fmt"
	"sync"

	amqp "github.com/rabbitmq/amqp091-go"

	"github.com/tiendi/tiendi/internal/broker"
)

// holder implements broker.Holder on a connection of its own.
type holder struct {
	partition *partition
	line      *line
	writer    *publisher
	lost      chan struct{}

	mu sync.Mutex // one Append at a time
}

// Claim implements broker.Broker.
func (b *Broker) Claim(ctx context.Context, topic string, number int, producer string) (uint64, broker.Holder, error) {
	log, err := b.Open(ctx, topic, number)
	if err != nil {
		return 0, nil, err
	}
	p := log.(*partition)
	line, err := newLine(b.config.dial)
	if err != nil {
		return 0, nil, p.name(err)
	}
	h := &holder{partition: p, line: line, lost: make(chan struct{})}
	go h.watch(line.conn.NotifyClose(make(chan *amqp.Error, 1)))
	epoch, err := h.claim(ctx, producer)
	if err != nil {
		hangUp(line.conn)
		return 0, nil, p.name(err)
	}
	return epoch, h, nil
}

func (h *holder) watch(closed <-chan *amqp.Error) {
	<-closed
	close(h.lost)
}

// claim takes the exclusive queue, then the epoch. Reading begins before the bid is
// sent, so that it is found wherever others write.
func (h *holder) claim(ctx context.Context, producer string) (uint64, error) {
	ctx, cancel := context.WithTimeout(ctx, confirmTimeout)
	defer cancel()
	ch, err := h.line.conn.Channel()
	if err != nil {
		return 0, unavailable(err)
	}
	if _, err := ch.QueueDeclare(h.partition.queue+".owner", false, false, true, false, nil); err != nil {
		return 0, describe(err)
	}
	reading, err := h.partition.consume(ch, "last", prefetch)
	if err != nil {
		return 0, err
	}
	defer func() { _ = ch.Cancel(reading.tag, false) }()
	if h.writer, err = newPublisher(h.line, h.partition.queue); err != nil {
		return 0, err
	}
	bid := broker.Header{Kind: broker.KindBid, Producer: producer}
	if err := h.Append(ctx, broker.Message{Header: bid}); err != nil {
		return 0, err
	}
	epoch, _, err := find(ctx, reading, bid)
	if err != nil {
		return 0, err
	}
	claim := broker.Header{Kind: broker.KindClaim, Producer: producer, Epoch: epoch}
	if err := h.Append(ctx, broker.Message{Header: claim}); err != nil {
		return 0, err
	}
	_, highest, err := find(ctx, reading, claim)
	if err == nil && highest > epoch {
		err = fmt.Errorf("%w: another claim came in between", broker.ErrHeld)
	}
	return epoch, err
}

// find reads on to a message of ours, and returns its offset and the highest epoch
// claimed before it.
func find(ctx context.Context, c *cursor, header broker.Header) (offset, highest uint64, err error) {
	for {
		m, err := c.Next(ctx)
		if err != nil {
			return 0, 0, unavailable(err)
		}
		if m.Header == header {
			return m.Offset, highest, nil
		}
		if m.Kind == broker.KindClaim {
			highest = max(highest, m.Epoch)
		}
	}
}

// Append implements broker.Holder.
func (h *holder) Append(ctx context.Context, messages ...broker.Message) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	select {
	case <-h.lost:
		return h.partition.name(fmt.Errorf("%w: the connection is gone", broker.ErrFenced))
	default:
	}
	return h.partition.name(h.writer.append(ctx, messages))
}

// Lost implements broker.Holder.
func (h *holder) Lost() <-chan struct{} { return h.lost }

// Close implements broker.Holder.
func (h *holder) Close() error {
	hangUp(h.line.conn)
	return nil
}
