package rabbitmq

import (
	"context"
	"fmt"

	amqp "github.com/rabbitmq/amqp091-go"

	"github.com/tiendi/tiendi/internal/broker"
)

const (
	// prefetch bounds what lies ready on our side. RabbitMQ counts messages only.
	prefetch    = 8
	maxPrefetch = 65535
)

// cursor implements broker.Cursor by a consumer. Its acknowledgements only ask for
// more: a stream keeps what was read.
type cursor struct {
	partition  *partition
	ch         *amqp.Channel
	tag        string
	deliveries <-chan amqp.Delivery
	ackEvery   int
	unacked    int
}

// consume begins at an offset or at "first", "last". The channel is the cursor's.
func (p *partition) consume(ch *amqp.Channel, place any, count int) (*cursor, error) {
	const tag = "tiendi"
	if err := ch.Qos(count, 0, false); err != nil {
		_ = ch.Close()
		return nil, describe(err)
	}
	deliveries, err := ch.Consume(p.queue, tag, false, false, false, false, amqp.Table{"x-stream-offset": place})
	if err != nil {
		_ = ch.Close()
		return nil, describe(err)
	}
	return &cursor{partition: p, ch: ch, tag: tag, deliveries: deliveries, ackEvery: max(count/2, 1)}, nil
}

// Next implements broker.Cursor.
func (c *cursor) Next(ctx context.Context) (broker.Stored, error) {
	select {
	case d, ok := <-c.deliveries:
		if !ok {
			return broker.Stored{}, c.partition.name(fmt.Errorf("%w: RabbitMQ ended the reading", broker.ErrUnavailable))
		}
		return c.stored(d)
	case <-ctx.Done():
		return broker.Stored{}, ctx.Err()
	}
}

func (c *cursor) stored(d amqp.Delivery) (broker.Stored, error) {
	offset, ok := offsetOf(d)
	if !ok {
		return broker.Stored{}, c.partition.name(fmt.Errorf("queue %s is not a stream; remove it and declare the topic again", c.partition.queue))
	}
	if c.unacked++; c.unacked >= c.ackEvery {
		if err := d.Ack(true); err != nil {
			return broker.Stored{}, c.partition.name(unavailable(err))
		}
		c.unacked = 0
	}
	header, _ := d.Headers[broker.HeaderName].(string)
	body, packed := unpack(d.Body, d.ContentEncoding)
	return broker.Stored{Offset: offset, Packed: packed, Message: broker.Message{Body: body, Header: broker.ParseHeader(header)}}, nil
}

// Close implements broker.Cursor.
func (c *cursor) Close() error {
	if err := c.ch.Close(); err != nil && !c.ch.IsClosed() {
		return c.partition.name(err)
	}
	return nil
}
