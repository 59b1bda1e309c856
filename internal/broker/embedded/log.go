package embedded

import (
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/tiendi/tiendi/internal/broker"
)

// partition implements broker.Log.
type partition struct {
	broker *Broker
	topic  string
	number int
}

// Open implements broker.Broker.
func (b *Broker) Open(ctx context.Context, topic string, number int) (broker.Log, error) {
	if _, err := b.info(ctx, topic, number); err != nil {
		return nil, err
	}
	return &partition{broker: b, topic: topic, number: number}, nil
}

// Bounds implements broker.Log.
func (p *partition) Bounds(ctx context.Context) (broker.Bounds, error) {
	info, err := p.broker.info(ctx, p.topic, p.number)
	if err != nil {
		return broker.Bounds{}, err
	}
	return broker.Bounds{
		ID:    info.Config.Metadata[metaLog],
		First: max(info.State.FirstSeq, 1),
		Next:  info.State.LastSeq + 1,
	}, nil
}

// Append implements broker.Log.
func (p *partition) Append(ctx context.Context, messages ...broker.Message) error {
	lost := p.broker.lost()
	acks, err := publish(p.broker.js, p.topic, p.number, messages, nil)
	if waitErr := await(ctx, acks, lost); waitErr != nil {
		err = waitErr
	}
	if errors.Is(err, jetstream.ErrNoStreamResponse) {
		// Nobody took it: is the stream away, or the whole server not ready yet?
		if _, infoErr := p.broker.info(ctx, p.topic, p.number); infoErr != nil {
			return infoErr
		}
	}
	return describeAppend(err, p.topic, p.number)
}

// publish sends messages without waiting. With last, each is stored only if
// nothing came after the one before it.
func publish(js jetstream.JetStream, topic string, number int, messages []broker.Message, last *uint64) ([]jetstream.PubAckFuture, error) {
	acks := make([]jetstream.PubAckFuture, 0, len(messages))
	for i, m := range messages {
		if err := m.CheckSize(); err != nil {
			return acks, err
		}
		options := []jetstream.PublishOpt{jetstream.WithRetryAttempts(0)}
		if last != nil {
			options = append(options, jetstream.WithExpectLastSequence(*last+uint64(i)))
		}
		ack, err := js.PublishMsgAsync(&nats.Msg{
			Subject: subject(topic, number), Data: m.Body,
			Header: nats.Header{broker.HeaderName: {m.Header.String()}},
		}, options...)
		if err != nil {
			return acks, unavailable(err)
		}
		acks = append(acks, ack)
	}
	return acks, nil
}

// await waits for all confirmations, or for the first that fails.
func await(ctx context.Context, acks []jetstream.PubAckFuture, lost <-chan struct{}) error {
	ctx, cancel := within(ctx)
	defer cancel()
	for _, ack := range acks {
		select {
		case <-ack.Ok():
		case err := <-ack.Err():
			return err
		case <-lost:
			return fmt.Errorf("%w: the connection was lost; sending it again is safe with its number", broker.ErrUnconfirmed)
		case <-ctx.Done():
			return fmt.Errorf("%w: %w", broker.ErrUnconfirmed, ctx.Err())
		}
	}
	return nil
}

func describeAppend(err error, topic string, number int) error {
	if errors.Is(err, nats.ErrDisconnected) {
		return fmt.Errorf("topic %s, partition %d: %w: %w", topic, number, broker.ErrUnconfirmed, err)
	}
	for _, known := range []error{broker.ErrUnconfirmed, broker.ErrTooLarge, broker.ErrUnavailable} {
		if errors.Is(err, known) {
			return fmt.Errorf("topic %s, partition %d: %w", topic, number, err)
		}
	}
	return describe(err, topic, number)
}
