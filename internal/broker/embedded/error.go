package embedded

import (
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/tiendi/tiendi/internal/broker"
)

// codeWrongLast is JSStreamWrongLastSequenceErrF of the server.
const codeWrongLast jetstream.ErrorCode = 10071

// describe turns an answer of the server into the seam's error.
func describe(err error, topic string, partition int) error {
	if err == nil {
		return nil
	}
	where := fmt.Sprintf("topic %s, partition %d", topic, partition)
	var api *jetstream.APIError
	switch {
	case errors.Is(err, jetstream.ErrStreamNotFound):
		return fmt.Errorf("%s: %w; declare the topic, or if it was there before, it was removed with its data: %w",
			where, broker.ErrMissing, err)
	case errors.As(err, &api) && api.ErrorCode == codeWrongLast:
		return fmt.Errorf("%s: %w: somebody else wrote to it: %w", where, broker.ErrFenced, err)
	case errors.Is(err, jetstream.ErrStreamNameAlreadyInUse):
		return fmt.Errorf("%s: %w", where, err)
	case errors.Is(err, context.Canceled):
		return fmt.Errorf("%s: %w", where, err)
	}
	return fmt.Errorf("%s: %w", where, unavailable(err))
}

// unavailable is what may pass, as against what the server refuses for good.
func unavailable(err error) error {
	if errors.Is(err, nats.ErrAuthorization) {
		return fmt.Errorf("the token is refused: %w", err)
	}
	return fmt.Errorf("%w: %w", broker.ErrUnavailable, err)
}
