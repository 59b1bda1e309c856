package embedded

import (
	"context"
	"errors"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/tiendi/tiendi/internal/broker"
)

const (
	// readMessages may lie ready on our side. They are asked for together, when those
	// before are used up: a reader that pauses never has messages dropped, nor loses
	// count of what it asked for.
	readMessages = 16
	askFor       = 10 * time.Second
	forgetAfter  = time.Minute // consumers of ours that nobody closed
)

// cursor implements broker.Cursor by an ephemeral consumer. It never resets itself:
// whoever reads has to look again whether this is still the same log.
type cursor struct {
	partition *partition
	consumer  jetstream.Consumer
	lost      <-chan struct{} // closed with the connection
	asked     <-chan jetstream.Msg
	batch     jetstream.MessageBatch
	delivered uint64
}

var (
	errGap  = errors.New("a message got lost on the way to us")
	errLost = errors.New("the connection is lost")
)

// Read implements broker.Log.
func (p *partition) Read(ctx context.Context, from uint64) (broker.Cursor, error) {
	lost := p.broker.lost()
	call, cancel := within(ctx)
	defer cancel()
	c, err := p.broker.js.CreateConsumer(call, streamName(p.topic, p.number), jetstream.ConsumerConfig{
		DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: max(from, 1),
		AckPolicy: jetstream.AckNonePolicy, MemoryStorage: true, InactiveThreshold: forgetAfter,
	})
	if err != nil {
		return nil, describe(err, p.topic, p.number)
	}
	return &cursor{partition: p, consumer: c, lost: lost}, nil
}

// Next implements broker.Cursor.
func (c *cursor) Next(ctx context.Context) (broker.Stored, error) {
	m, err := c.next(ctx)
	if err != nil {
		if ctx.Err() != nil {
			return broker.Stored{}, ctx.Err()
		}
		return broker.Stored{}, describe(err, c.partition.topic, c.partition.number)
	}
	meta, err := m.Metadata()
	if err != nil {
		return broker.Stored{}, describe(err, c.partition.topic, c.partition.number)
	}
	if meta.Sequence.Consumer != c.delivered+1 {
		return broker.Stored{}, describe(errGap, c.partition.topic, c.partition.number)
	}
	c.delivered++
	return broker.Stored{Offset: meta.Sequence.Stream, Message: broker.Message{
		Body: m.Data(), Header: broker.ParseHeader(m.Headers().Get(broker.HeaderName)),
	}}, nil
}

// next gives a message of those that were asked for, and asks for more.
func (c *cursor) next(ctx context.Context) (jetstream.Msg, error) {
	for {
		if c.batch == nil {
			batch, err := c.consumer.Fetch(readMessages, jetstream.FetchMaxWait(askFor))
			if err != nil {
				return nil, err
			}
			c.batch, c.asked = batch, batch.Messages()
		}
		select {
		case m, ok := <-c.asked:
			if ok {
				return m, nil
			}
			if err := c.batch.Error(); err != nil {
				return nil, err
			}
			c.batch = nil
		case <-c.lost: // sooner than a missing heartbeat tells
			return nil, errLost
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// Close implements broker.Cursor. The server forgets the consumer by itself.
func (c *cursor) Close() error { return nil }
