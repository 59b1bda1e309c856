package main

import (
	"context"

	"github.com/tiendi/tiendi/internal/event"
)

// happenNow gives the events of the batch the present time. Lines that are no events
// stay as they are, for the collector to refuse.
func (s *sending) happenNow() {
	now := s.app.Now()
	for i, line := range s.batch {
		if ev, rejection := s.registry.Parse(line, now); rejection == nil {
			ev.Timestamp = now
			s.batch[i] = event.AppendJSON(nil, &ev)
		}
	}
}

// post sends the batch once. again says that it may be sent again.
func (s *sending) post(ctx context.Context) (again bool, err error) {
	accepted, refused, again, err := s.collector.post(ctx, s.batch)
	s.accepted += accepted
	s.refused += len(refused)
	return again, err
}
