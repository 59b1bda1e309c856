package rabbitmq

import (
	"errors"
	"fmt"
	"strings"
	"time"

	amqp "github.com/rabbitmq/amqp091-go"

	"github.com/tiendi/tiendi/internal/broker"
)

func unavailable(err error) error { return fmt.Errorf("%w: %w", broker.ErrUnavailable, err) }

// describe turns a refusal into the seam's error. A queue that is there but has no
// leader now is called "not found" as well, in other words.
func describe(err error) error {
	var refused *amqp.Error
	if !errors.As(err, &refused) {
		return unavailable(err)
	}
	switch {
	case refused.Code == amqp.NotFound && strings.Contains(refused.Reason, "no queue"):
		return fmt.Errorf("%w; declare the topic, or if it was there before, it was removed with its data: %w", broker.ErrMissing, err)
	case refused.Code == amqp.ResourceLocked:
		return fmt.Errorf("%w: %w", broker.ErrHeld, err)
	case refused.Code == amqp.AccessRefused:
		return fmt.Errorf("RabbitMQ forbids it to this user: %w", err)
	}
	return unavailable(err)
}

// hangUp closes a connection without waiting long for one that does not answer.
func hangUp(conn *amqp.Connection) { _ = conn.CloseDeadline(time.Now().Add(closeTimeout)) }
