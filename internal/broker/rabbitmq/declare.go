package rabbitmq

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	amqp "github.com/rabbitmq/amqp091-go"

	"github.com/tiendi/tiendi/internal/broker"
)

// segmentBytes is what a stream's file grows to. Retention removes whole files, and
// never the last.
const segmentBytes = 64 << 20

// Declare implements broker.Broker. While another process makes the same stream,
// RabbitMQ refuses it with an internal error, hangs up, or says that it has no
// replica: it is asked again for a while, since doing it twice changes nothing.
func (b *Broker) Declare(ctx context.Context, t broker.Topic) error {
	if err := t.Validate(); err != nil {
		return err
	}
	for end := time.Now().Add(makingPatience); ; {
		err := b.declare(ctx, t)
		switch {
		case err == nil || !passing(err):
			return err
		case time.Now().After(end):
			return stuck(err)
		}
		select {
		case <-time.After(makingPause):
		case <-ctx.Done():
			return err
		}
	}
}

const (
	makingPatience = 10 * time.Second
	makingPause    = 100 * time.Millisecond
)

// passing says whether RabbitMQ answers, but not now.
func passing(err error) bool {
	var refused *amqp.Error
	return errors.As(err, &refused) && (errors.Is(err, broker.ErrUnavailable) || errors.Is(err, broker.ErrUnconfirmed))
}

// stuck adds what mends a queue that RabbitMQ cannot make: 3.10, killed at that, has it in
// its tables without a process, and fails at it for good; deleting it fails as well.
func stuck(err error) error {
	var refused *amqp.Error
	if !errors.As(err, &refused) || refused.Code != amqp.InternalError {
		return err
	}
	return fmt.Errorf("%w; if that lasts, RabbitMQ was killed while it made this queue; docs/stream.md, \"When something fails\", says how to remove it", err)
}

func (b *Broker) declare(ctx context.Context, t broker.Topic) error {
	born, err := b.known(ctx, t.Name)
	if errors.Is(err, broker.ErrMissing) {
		born, err = b.propose(ctx, t)
	}
	if err != nil {
		return err
	}
	if born.Partitions != t.Partitions {
		return fmt.Errorf("topic %s has %d partitions, not %d: %w; use that number, or another topic",
			t.Name, born.Partitions, t.Partitions, broker.ErrPartitions)
	}
	if born.Retention != t.Retention {
		b.log.Warn("RabbitMQ keeps the retention that a topic was made with; a policy can make it shorter",
			"topic", t.Name, "made_with", born.Retention, "wanted", t.Retention)
	}
	if born.Complete {
		return b.wantAll(ctx, t, born)
	}
	return b.complete(ctx, t, born)
}

// propose writes a birth, and returns the one that holds: the stream's first.
func (b *Broker) propose(ctx context.Context, t broker.Topic) (birth, error) {
	ctx, cancel := context.WithTimeout(ctx, confirmTimeout)
	defer cancel()
	if err := b.declareQueue(t.Name, broker.Retention{}); err != nil {
		return birth{}, err
	}
	token := strings.ReplaceAll(uuid.NewString(), "-", "")[:16]
	var first birth
	err := b.readBirths(ctx, t.Name, func() error {
		return b.writeBirth(ctx, t.Name, birth{Token: token, Partitions: t.Partitions, Retention: t.Retention})
	}, func(one birth) bool {
		if first.Token == "" {
			first = one
		}
		first.Complete = first.Complete || one.Complete && one.Token == first.Token
		return one.Token == token
	})
	if err != nil {
		return birth{}, fmt.Errorf("declare topic %s: %w", t.Name, err)
	}
	return first, nil
}

// complete makes the partitions. Doing it twice, or at once with another process,
// changes nothing: the names are the birth's, and readers see no births.
func (b *Broker) complete(ctx context.Context, t broker.Topic, born birth) error {
	for number := range born.Partitions {
		p, err := newPartition(b, t.Name, number, born)
		if err != nil {
			return err
		}
		if err := b.declareQueue(p.queue, born.Retention); err != nil {
			return err
		}
		if err := p.Append(ctx, broker.Message{Header: broker.Header{Kind: broker.KindBirth}}); err != nil {
			return err
		}
	}
	born.Complete = true
	return b.writeBirth(ctx, t.Name, born)
}

// wantAll finds a partition that was removed since.
func (b *Broker) wantAll(ctx context.Context, t broker.Topic, born birth) error {
	for number := range born.Partitions {
		p, err := newPartition(b, t.Name, number, born)
		if err != nil {
			return err
		}
		if err := p.verify(ctx, p.exists()); err != nil {
			return p.name(err)
		}
	}
	return nil
}

func (b *Broker) declareQueue(name string, r broker.Retention) error {
	ch, _, err := b.write.channel()
	if err != nil {
		return err
	}
	defer func() { _ = ch.Close() }()
	if _, err := ch.QueueDeclare(name, true, false, false, false, streamArgs(r)); err != nil {
		return fmt.Errorf("declare queue %s: %w", name, describe(err))
	}
	return nil
}
