package embedded

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/tiendi/tiendi/internal/broker"
)

// pingTime is how long an owner may take to answer that it lives.
const pingTime = time.Second

// holder implements broker.Holder.
type holder struct {
	conn   *nats.Conn
	js     jetstream.JetStream
	topic  string
	number int
	lost   chan struct{}

	mu   sync.Mutex
	last uint64 // offset of our last message, which must still be the log's last
}

// Claim implements broker.Broker. In this order: where the log ends, whether an
// owner lives, being an owner that lives, and the claim if the log still ends
// there. So of two that claim at once one sees the other, or is refused.
func (b *Broker) Claim(ctx context.Context, topic string, number int, producer string) (uint64, broker.Holder, error) {
	h := &holder{topic: topic, number: number, lost: make(chan struct{})}
	conn, err := b.dial(nats.NoReconnect(), nats.ClosedHandler(func(*nats.Conn) { close(h.lost) }))
	if err != nil {
		return 0, nil, describe(err, topic, number)
	}
	h.conn = conn
	if h.js, err = newJetStream(conn); err == nil {
		err = h.claim(ctx, b, producer)
	}
	if err != nil {
		conn.Close()
		return 0, nil, err
	}
	return h.last, h, nil
}

func (h *holder) claim(ctx context.Context, b *Broker, producer string) error {
	info, err := b.info(ctx, h.topic, h.number)
	if err != nil {
		return err
	}
	if err := h.askOwner(ctx); err != nil {
		return err
	}
	if _, err := h.conn.Subscribe(h.presence(), func(m *nats.Msg) { _ = m.Respond(nil) }); err != nil {
		return describe(err, h.topic, h.number)
	}
	h.last = info.State.LastSeq
	err = h.Append(ctx, broker.Message{Header: broker.Header{
		Kind: broker.KindClaim, Producer: producer, Epoch: h.last + 1, // where it is stored, or not at all
	}})
	if errors.Is(err, broker.ErrFenced) {
		return fmt.Errorf("%w: %w", broker.ErrHeld, err)
	}
	return err
}

// presence is a subject that only the owner answers on.
func (h *holder) presence() string { return "owner." + subject(h.topic, h.number) }

// askOwner is nil when no owner is connected. One that hangs is connected until the
// server's pings find it out.
func (h *holder) askOwner(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, pingTime)
	defer cancel()
	_, err := h.conn.RequestWithContext(ctx, h.presence(), nil)
	switch {
	case errors.Is(err, nats.ErrNoResponders):
		return nil
	case err == nil || errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("topic %s, partition %d: %w", h.topic, h.number, broker.ErrHeld)
	}
	return describe(err, h.topic, h.number)
}

// Append implements broker.Holder.
func (h *holder) Append(ctx context.Context, messages ...broker.Message) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	select {
	case <-h.lost:
		return fmt.Errorf("topic %s, partition %d: %w: the connection is gone", h.topic, h.number, broker.ErrFenced)
	default:
	}
	acks, err := publish(h.js, h.topic, h.number, messages, &h.last)
	if waitErr := await(ctx, acks, h.lost); waitErr != nil {
		err = waitErr
	}
	if err != nil {
		return describeAppend(err, h.topic, h.number)
	}
	h.last += uint64(len(messages))
	return nil
}

// Lost implements broker.Holder.
func (h *holder) Lost() <-chan struct{} { return h.lost }

// Close implements broker.Holder.
func (h *holder) Close() error {
	h.conn.Close()
	return nil
}
