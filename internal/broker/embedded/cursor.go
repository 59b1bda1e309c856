package embedded

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/tiendi/tiendi/internal/broker"
)

const (
	// What may lie ready on our side: so many messages, and so many bytes.
	readMessages = 1024
	readBytes    = 2 * broker.MaxBody
	heartbeat    = time.Second // a server that says nothing for twice that is away
	forgetAfter  = time.Minute // consumers of ours that nobody closed
)

// cursor implements broker.Cursor by an ephemeral consumer. It never resets itself:
// whoever reads has to look again whether this is still the same log.
type cursor struct {
	partition *partition
	messages  jetstream.MessagesContext
	close     func()
	delivered uint64
}

var errGap = errors.New("a message got lost on the way to us")

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
	m, err := c.Messages(jetstream.PullMaxMessagesWithBytesLimit(readMessages, readBytes),
		jetstream.PullHeartbeat(heartbeat), jetstream.WithMessagesErrOnMissingHeartbeat(true))
	if err != nil {
		return nil, describe(err, p.topic, p.number)
	}
	done := make(chan struct{})
	go func() {
		select {
		case <-lost: // sooner than the missing heartbeat tells
			m.Stop()
		case <-done:
		}
	}()
	return &cursor{partition: p, messages: m, close: sync.OnceFunc(func() { close(done); m.Stop() })}, nil
}

// Next implements broker.Cursor.
func (c *cursor) Next(ctx context.Context) (broker.Stored, error) {
	m, err := c.messages.Next(jetstream.NextContext(ctx))
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

// Close implements broker.Cursor. The server forgets the consumer by itself.
func (c *cursor) Close() error {
	c.close()
	return nil
}
