package rabbitmq

import (
	"context"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"

	amqp "github.com/rabbitmq/amqp091-go"

	"github.com/tiendi/tiendi/internal/broker"
)

// maxUnconfirmed bounds the messages under way on one channel, and so the returned
// ones that nobody has looked at yet.
const maxUnconfirmed = 4096

// publisher appends to one queue over one channel.
type publisher struct {
	line  *line
	ch    *amqp.Channel
	queue string
	ids   atomic.Uint64
	slots chan struct{}

	mu       sync.Mutex
	returns  chan amqp.Return
	returned map[string]bool // ids of messages that no queue took
}

func newPublisher(l *line, queue string) (*publisher, error) {
	ch, err := l.conn.Channel()
	if err != nil {
		return nil, unavailable(err)
	}
	if err := ch.Confirm(false); err != nil {
		return nil, unavailable(err)
	}
	return &publisher{
		line: l, ch: ch, queue: queue, slots: make(chan struct{}, maxUnconfirmed),
		returns: ch.NotifyReturn(make(chan amqp.Return, maxUnconfirmed)), returned: map[string]bool{},
	}, nil
}

// sent is a message that waits for its confirmation.
type sent struct {
	id      string
	confirm *amqp.DeferredConfirmation
}

// append sends all messages, then waits for all confirmations.
func (p *publisher) append(ctx context.Context, messages []broker.Message) error {
	ctx, cancel := context.WithTimeout(ctx, confirmTimeout)
	defer cancel()
	blocked, err := p.line.blockage()
	if err != nil {
		return err
	}
	var pending []sent
	for len(messages) > 0 && err == nil {
		var s sent
		if s, err = p.send(ctx, messages[0]); err == nil {
			pending, messages = append(pending, s), messages[1:]
		}
	}
	for _, s := range pending {
		waitErr := p.await(ctx, s, blocked)
		if waitErr != nil && err == nil {
			err = waitErr
		}
	}
	return err
}

func (p *publisher) send(ctx context.Context, m broker.Message) (sent, error) {
	if err := m.CheckSize(); err != nil {
		return sent{}, err
	}
	select {
	case p.slots <- struct{}{}:
	case <-ctx.Done():
		return sent{}, unconfirmed(ctx.Err())
	}
	id := strconv.FormatUint(p.ids.Add(1), 36)
	confirm, err := p.ch.PublishWithDeferredConfirm("", p.queue, true, false, amqp.Publishing{
		Headers: amqp.Table{broker.HeaderName: m.Header.String()}, MessageId: id,
		DeliveryMode: amqp.Persistent, Body: m.Body,
	})
	if err != nil {
		<-p.slots
		return sent{}, unavailable(err)
	}
	return sent{id: id, confirm: confirm}, nil
}

// await waits for one confirmation. Whatever happens, the slot is free only when
// the broker has answered or the channel is gone: its answers need the room.
func (p *publisher) await(ctx context.Context, s sent, blocked <-chan struct{}) error {
	select {
	case <-s.confirm.Done():
		<-p.slots
		return p.verdict(s)
	case <-ctx.Done():
		go p.forget(s)
		return unconfirmed(ctx.Err())
	case <-blocked:
		go p.forget(s)
		return unconfirmed(fmt.Errorf("RabbitMQ has begun to block publishers"))
	}
}

func (p *publisher) forget(s sent) {
	<-s.confirm.Done()
	<-p.slots
	p.cameBack(s.id)
}

func (p *publisher) verdict(s sent) error {
	switch {
	case p.cameBack(s.id):
		return fmt.Errorf("%w: RabbitMQ has no queue %s; it was removed with its data", broker.ErrMissing, p.queue)
	case s.confirm.Acked():
		return nil
	case p.ch.IsClosed():
		return unconfirmed(amqp.ErrClosed)
	}
	return unconfirmed(fmt.Errorf("RabbitMQ refused the message (nack)"))
}

// cameBack looks through what the broker returned. It returns a message before it
// confirms it, so that at the confirmation the return is already in the channel.
func (p *publisher) cameBack(id string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for more := true; more; {
		select {
		case r, ok := <-p.returns:
			if more = ok; ok {
				p.returned[r.MessageId] = true
			}
		default:
			more = false
		}
	}
	found := p.returned[id]
	delete(p.returned, id)
	return found
}

func unconfirmed(err error) error { return fmt.Errorf("%w: %w", broker.ErrUnconfirmed, err) }
