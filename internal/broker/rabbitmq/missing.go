package rabbitmq

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tiendi/tiendi/internal/broker"
)

// exists asks for the queue.
func (p *partition) exists() error {
	ch, _, err := p.broker.read.channel()
	if err != nil {
		return err
	}
	defer func() { _ = ch.Close() }()
	if _, err := ch.QueueDeclarePassive(p.queue, true, false, false, false, nil); err != nil {
		return describe(err)
	}
	return nil
}

const (
	missingTries = 5
	missingPause = 400 * time.Millisecond
)

// verify looks again whether a queue is missing indeed: a node that is stopping has
// forgotten its queues for a moment before it hangs up.
func (p *partition) verify(ctx context.Context, err error) error {
	if !errors.Is(err, broker.ErrMissing) || errors.Is(err, errUnborn) {
		return err
	}
	for range missingTries {
		select {
		case <-time.After(missingPause):
		case <-ctx.Done():
			return unavailable(ctx.Err())
		}
		again := p.exists()
		if again == nil {
			return unavailable(errors.New("the queue was away for a moment"))
		}
		if !errors.Is(again, broker.ErrMissing) {
			return again
		}
	}
	// What is known of the topic may be out of date.
	p.broker.forget(p.topic)
	return fmt.Errorf("%w (asked %d times)", err, missingTries)
}
