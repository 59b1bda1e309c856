package rabbitmq

import (
	"errors"
	"fmt"

	amqp "github.com/rabbitmq/amqp091-go"

	"github.com/tiendi/tiendi/internal/broker"
)

// verdict is what the broker's answer says of a message.
func (p *publisher) verdict(s sent) error {
	cameBack, spoiled := p.cameBack(s.id)
	switch {
	case cameBack:
		return fmt.Errorf("%w: RabbitMQ has no queue %s; it was removed with its data", broker.ErrMissing, p.queue)
	case spoiled:
		return unconfirmed(errors.New("RabbitMQ returned a message before this one, and confirms behind it mean nothing"))
	case s.confirm.Acked():
		return nil
	case p.ch.IsClosed():
		return unconfirmed(amqp.ErrClosed)
	}
	return unconfirmed(errors.New("RabbitMQ refused the message (nack)"))
}

// cameBack looks through what the broker returned: this message, or any. It returns
// a message before it confirms it, so that at the confirmation the return is already
// in the channel, as are those of the messages sent before.
func (p *publisher) cameBack(id string) (this, spoiled bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for more := true; more; {
		select {
		case r, ok := <-p.returns:
			if more = ok; ok {
				p.returned[r.MessageId], p.spoiled = true, true
			}
		default:
			more = false
		}
	}
	this = p.returned[id]
	delete(p.returned, id)
	return this, p.spoiled
}

func unconfirmed(err error) error { return fmt.Errorf("%w: %w", broker.ErrUnconfirmed, err) }
