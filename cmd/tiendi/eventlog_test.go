package main

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/tiendi/tiendi/internal/broker"
)

// deaf is a broker that fails as it is told of topics.
type deaf struct {
	broker.Broker
	err error
}

func (d deaf) Declare(context.Context, broker.Topic) error { return d.err }

// TestReach: what passes by itself does not keep a collector or a worker from
// starting; what does not pass does.
func TestReach(t *testing.T) {
	for _, want := range []struct {
		failure error
		passes  bool
	}{{broker.ErrUnavailable, true}, {broker.ErrUnconfirmed, true}, {broker.ErrPartitions, false}} {
		failure := fmt.Errorf("topic a: %w", want.failure)
		l := &eventLog{topics: collectTopics(1), connect: func() (broker.Broker, error) { return deaf{err: failure}, nil }}
		why, err := l.reach(t.Context())
		if got := errors.Is(why, failure) && err == nil; got != want.passes || errors.Is(err, failure) == want.passes {
			t.Errorf("%v: it is tried again because of %v, and fails by %v", failure, why, err)
		}
	}
}
