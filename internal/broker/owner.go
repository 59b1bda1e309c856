package broker

import (
	"context"
	"fmt"
	"sync"

	"github.com/google/uuid"
)

// Owner is the only writer of a partition, until it is lost. It is safe for
// concurrent use.
type Owner struct {
	holder   Holder
	epoch    uint64
	producer string
	where    string

	mu       sync.Mutex
	sequence uint64
	failure  error
}

// Payload is what an owner appends: a body and the number of events in it.
type Payload struct {
	Body  []byte
	Count int
	Trace string // see Header
}

// Claim makes this process the owner of a partition; ErrHeld while another is one.
// An owner that died is succeeded at once, one that hangs after the broker's
// heartbeat. Read the partition up to the record that is this claim: what an
// earlier owner has stored is before it, and nothing of it comes after.
func Claim(ctx context.Context, b Broker, topic string, partition int) (*Owner, error) {
	producer := uuid.NewString()
	epoch, h, err := b.Claim(ctx, topic, partition, producer)
	if err != nil {
		return nil, err
	}
	return &Owner{
		holder: h, epoch: epoch, producer: producer,
		where: fmt.Sprintf("topic %s, partition %d, epoch %d", topic, partition, epoch),
	}, nil
}

// Epoch grows with each claim of the partition. Store it beside what is written
// elsewhere, and refuse what comes with a lower one.
func (o *Owner) Epoch() uint64 { return o.epoch }

// Lost is closed when the partition is no longer held.
func (o *Owner) Lost() <-chan struct{} { return o.holder.Lost() }

// Append stores payloads in order and returns when all are confirmed. Any error but
// ErrTooLarge ends the ownership: the claim is given up and every further Append is
// ErrFenced, since sending again what may be stored would put it in twice.
func (o *Owner) Append(ctx context.Context, payloads ...Payload) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.failure != nil {
		return fmt.Errorf("%s: %w after: %w", o.where, ErrFenced, o.failure)
	}
	messages := make([]Message, len(payloads))
	for i, p := range payloads {
		messages[i] = Message{Body: p.Body, Header: Header{
			Producer: o.producer, Epoch: o.epoch, Sequence: o.sequence + uint64(i) + 1, Count: p.Count, Trace: p.Trace,
		}}
		if err := messages[i].CheckSize(); err != nil {
			return fmt.Errorf("%s: %w", o.where, err)
		}
	}
	if err := o.holder.Append(ctx, messages...); err != nil {
		o.failure = err
		_ = o.holder.Close()
		return fmt.Errorf("epoch %d: %w", o.epoch, err)
	}
	o.sequence += uint64(len(payloads))
	return nil
}

// Close gives the partition back.
func (o *Owner) Close() error { return o.holder.Close() }
