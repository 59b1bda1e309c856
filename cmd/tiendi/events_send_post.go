package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

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
	body := bytes.Join(s.batch, []byte("\n"))
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.to+"/v1/events", bytes.NewReader(body))
	if err != nil {
		return false, fmt.Errorf("--to %s: %w", s.to, err)
	}
	r.Header.Set("Content-Type", "application/x-ndjson")
	if s.key != "" {
		r.Header.Set("Authorization", "Bearer "+s.key)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return true, err
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		return true, err
	}
	var answer struct {
		Accepted int               `json:"accepted"`
		Rejected []json.RawMessage `json:"rejected"`
	}
	switch {
	case response.StatusCode == http.StatusTooManyRequests || response.StatusCode >= http.StatusInternalServerError:
		return true, errors.New(response.Status)
	case response.StatusCode != http.StatusAccepted:
		return false, fmt.Errorf("the collector at %s answers %d: %s", s.to, response.StatusCode, bytes.TrimSpace(text))
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		return false, fmt.Errorf("the answer of %s: %w", s.to, err)
	}
	s.accepted += answer.Accepted
	s.refused += len(answer.Rejected)
	return false, nil
}
