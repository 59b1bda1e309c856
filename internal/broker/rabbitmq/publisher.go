package rabbitmq

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"sync/atomic"

	amqp "github.com/rabbitmq/amqp091-go"

	"github.com/tiendi/tiendi/internal/broker"
)

// maxUnconfirmed bounds the messages under way on one channel, and so the returned
// ones that nobody has looked at yet: there is room for all of them, half a kilobyte
// each.
const maxUnconfirmed = 64

// publisher appends to one queue over one channel, and never again once anything has
// gone wrong on it. RabbitMQ drops what it believes to be repeated: it numbers what it
// stores from a channel, and where a stream's leader changes, it sends what is under
// way again under the channel's own numbers (seen in 3.10). Where a returned message
// has put those ahead, it then takes the next messages for repetitions, and confirms
// them without storing them.
type publisher struct {
	line  *line
	ch    *amqp.Channel
	queue string
	ids   atomic.Uint64
	slots chan struct{}
	over  atomic.Bool // something went wrong

	mu       sync.Mutex
	returns  chan amqp.Return
	returned map[string]bool // ids of messages that no queue took
	spoiled  bool            // there was one
}

func newPublisher(l *line, queue string) (*publisher, error) {
	ch, err := l.confirming()
	if err != nil {
		return nil, err
	}
	return &publisher{
		line: l, ch: ch, queue: queue, slots: make(chan struct{}, maxUnconfirmed),
		returns: ch.NotifyReturn(make(chan amqp.Return, maxUnconfirmed)), returned: map[string]bool{},
	}, nil
}

func (p *publisher) usable() bool { return !p.over.Load() && !p.ch.IsClosed() }

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
		err = p.slot(ctx, len(pending) == 0)
		if errors.Is(err, errFull) { // it may be ours that take the room
			err = p.await(ctx, pending[0], blocked)
			pending = pending[1:]
			continue
		}
		var s sent
		if err == nil {
			s, err = p.send(messages[0])
		}
		if err == nil {
			pending, messages = append(pending, s), messages[1:]
		}
	}
	for _, s := range pending {
		waitErr := p.await(ctx, s, blocked)
		if waitErr != nil && err == nil {
			err = waitErr
		}
	}
	if err != nil && !errors.Is(err, broker.ErrTooLarge) {
		p.abandon()
	}
	return err
}

// abandon ends the channel; whoever comes next opens another.
func (p *publisher) abandon() {
	if p.over.Swap(true) {
		return
	}
	go func() { _ = p.ch.Close() }() // which waits for the broker
}

// errFull: as many messages are under way as may be.
var errFull = errors.New("the channel is full")

// slot takes room for a message. Where there is none it waits, or is errFull.
func (p *publisher) slot(ctx context.Context, wait bool) error {
	select {
	case p.slots <- struct{}{}:
		return nil
	default:
	}
	if !wait {
		return errFull
	}
	select {
	case p.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return unconfirmed(ctx.Err())
	}
}

// send needs a slot, and gives it back where it fails.
func (p *publisher) send(m broker.Message) (sent, error) {
	if err := m.CheckSize(); err != nil {
		<-p.slots
		return sent{}, err
	}
	id := strconv.FormatUint(p.ids.Add(1), 36)
	buffer := packs.Get().(*[]byte)
	defer packs.Put(buffer)
	body, encoding := pack(buffer, m.Body)
	confirm, err := p.ch.PublishWithDeferredConfirm("", p.queue, true, false, amqp.Publishing{
		Headers: amqp.Table{broker.HeaderName: m.Header.String()}, MessageId: id,
		DeliveryMode: amqp.Persistent, ContentEncoding: encoding, Body: body,
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
		return unconfirmed(errors.New("RabbitMQ has begun to block publishers"))
	}
}

func (p *publisher) forget(s sent) {
	<-s.confirm.Done()
	<-p.slots
	p.cameBack(s.id)
}
