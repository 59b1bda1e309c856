package rabbitmq

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	amqp "github.com/rabbitmq/amqp091-go"

	"github.com/tiendi/tiendi/internal/broker"
)

// birth is a record of the stream that is named as the topic is. Whoever declares a
// topic that has none proposes one; the first in the stream holds, and a second one
// of the same token says that all its partitions were made.
type birth struct {
	Token      string           `json:"token"`
	Partitions int              `json:"partitions"`
	Retention  broker.Retention `json:"retention"`
	Complete   bool             `json:"complete,omitempty"`
}

// log is the id of a partition's log.
func (b birth) log(number int) string { return fmt.Sprintf("%s.%d", b.Token, number) }

// queue is the name of a partition's stream.
func (b birth) queue(topic string, number int) string {
	return fmt.Sprintf("%s.%d.%s", topic, number, b.Token)
}

// birthPatience is how long an unfinished birth gets to be finished by the process
// that declared the topic.
const birthPatience = 2 * time.Second

var errUnborn = errors.New("the topic is not declared to its end; declare it")

// known returns the birth of a topic that was declared.
func (b *Broker) known(ctx context.Context, topic string) (birth, error) {
	b.mu.Lock()
	born, ok := b.births[topic]
	b.mu.Unlock()
	if ok {
		return born, nil
	}
	born, err := b.awaitBirth(ctx, topic)
	if err != nil {
		return birth{}, fmt.Errorf("topic %s: %w", topic, err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.births[topic] = born
	return born, nil
}

func (b *Broker) forget(topic string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.births, topic)
}

// awaitBirth reads a topic's stream until its birth is complete.
func (b *Broker) awaitBirth(ctx context.Context, topic string) (birth, error) {
	wait, cancel := context.WithTimeout(ctx, birthPatience)
	defer cancel()
	var first birth
	err := b.readBirths(wait, topic, func() error { return nil }, func(one birth) bool {
		if first.Token == "" {
			first = one
		}
		return one.Complete && one.Token == first.Token
	})
	if err != nil && wait.Err() != nil && ctx.Err() == nil {
		return birth{}, fmt.Errorf("%w: %w", broker.ErrMissing, errUnborn)
	}
	first.Complete = true
	return first, err
}

// readBirths reads a topic's stream until enough says so. begun is called when the
// reading has begun.
func (b *Broker) readBirths(ctx context.Context, topic string, begun func() error, enough func(birth) bool) error {
	ch, _, err := b.read.channel()
	if err != nil {
		return err
	}
	p := &partition{broker: b, topic: topic, queue: topic}
	c, err := p.consume(ch, "first", prefetch)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }()
	if err := begun(); err != nil {
		return err
	}
	for {
		m, err := c.Next(ctx)
		if err != nil {
			return err
		}
		var one birth
		if err := json.Unmarshal(m.Body, &one); err != nil || one.Token == "" || one.Partitions < 1 {
			return fmt.Errorf("queue %s holds what tiendi did not write; remove it, or name the topic otherwise", topic)
		}
		if enough(one) {
			return nil
		}
	}
}

// writeBirth appends to a topic's stream.
func (b *Broker) writeBirth(ctx context.Context, topic string, one birth) error {
	body, err := json.Marshal(one)
	if err != nil {
		return err
	}
	p := &partition{broker: b, topic: topic, queue: topic}
	return p.Append(ctx, broker.Message{Body: body, Header: broker.Header{Kind: broker.KindBirth}})
}

// streamArgs are those of a partition's queue.
func streamArgs(r broker.Retention) amqp.Table {
	args := amqp.Table{"x-queue-type": "stream", "x-stream-max-segment-size-bytes": int64(segmentBytes)}
	if r.Age > 0 {
		args["x-max-age"] = fmt.Sprintf("%ds", max(1, int64(r.Age.Round(time.Second)/time.Second)))
	}
	if r.Bytes > 0 {
		// RabbitMQ removes the oldest segment as soon as all together are too large.
		args["x-max-length-bytes"] = r.Bytes + segmentBytes
	}
	return args
}
