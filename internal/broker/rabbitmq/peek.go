package rabbitmq

import (
	"context"
	"errors"
)

// errEmpty: retention by age has removed all, and nothing was appended since.
var errEmpty = errors.New("nothing is in the log now: retention has removed all, or RabbitMQ does not deliver")

// peek returns the first offset ("first", with a count of 1) or the newest ("last",
// with maxPrefetch) of a log, by what comes at once. RabbitMQ reads by chunks, sends
// one as a whole where the prefetch allows, and answers the cancellation after that:
// so from "last" the highest offset is the newest.
func (p *partition) peek(ctx context.Context, place string, count int) (uint64, error) {
	wait, cancel := context.WithTimeout(ctx, confirmTimeout)
	defer cancel()
	ch, _, err := p.broker.read.channel()
	if err != nil {
		return 0, err
	}
	defer func() { _ = ch.Close() }()
	c, err := p.consume(ch, place, count)
	if err != nil {
		return 0, err
	}
	m, err := c.Next(wait)
	switch {
	case err != nil && wait.Err() != nil && ctx.Err() == nil:
		return 0, unavailable(errEmpty)
	case err != nil:
		return 0, unavailable(err)
	}
	if err := ch.Cancel(c.tag, false); err != nil {
		return 0, describe(err)
	}
	highest := m.Offset
	for d := range c.deliveries {
		highest, _ = offsetOf(d)
	}
	if place == "first" {
		return m.Offset, nil
	}
	return highest, nil
}
