package collect

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tiendi/tiendi/internal/event"
)

// rejectLine is what Reject.appendJSON writes.
type rejectLine struct {
	ID       event.ID     `json:"reject_id"`
	Received time.Time    `json:"received_at"`
	Source   string       `json:"source"`
	Path     string       `json:"path"`
	Reason   event.Reason `json:"reason"`
	Pointer  string       `json:"pointer"`
	Detail   string       `json:"detail"`
	Origin   struct {
		IP             string   `json:"ip"`
		UserAgent      string   `json:"user_agent"`
		IdempotencyKey string   `json:"idempotency_key"`
		Index          int      `json:"index"`
		EventID        event.ID `json:"derived_id"`
	} `json:"origin"`
	Kind   string `json:"kind"`
	Batch  *batch `json:"batch"`
	Bytes  int    `json:"bytes"`
	Raw    string `json:"raw"`
	Base64 []byte `json:"raw_base64"`
}

// parseReject reads a line of the topic.
func parseReject(line []byte) (*Reject, error) {
	var l rejectLine
	if err := json.Unmarshal(line, &l); err != nil {
		return nil, fmt.Errorf("it is no rejected event: %w", err)
	}
	if l.ID.IsZero() || l.Path == "" || l.Received.IsZero() {
		return nil, errors.New("it is no rejected event: reject_id, path or received_at is missing")
	}
	r := &Reject{
		ID: l.ID, Received: l.Received, Source: l.Source, Path: l.Path,
		Origin: event.Origin{
			IP: l.Origin.IP, UserAgent: l.Origin.UserAgent, IdempotencyKey: l.Origin.IdempotencyKey,
			Index: l.Origin.Index, EventID: l.Origin.EventID,
		},
		Rejection: event.Rejection{Reason: l.Reason, Pointer: l.Pointer, Detail: l.Detail},
		Kind:      l.Kind, Batch: l.Batch, Raw: []byte(l.Raw), Bytes: l.Bytes,
	}
	if len(l.Base64) > 0 {
		r.Raw = l.Base64
	}
	return r, nil
}

// Cut says that not all of it was kept, so that it cannot be replayed.
func (r *Reject) Cut() bool { return len(r.Raw) < r.Bytes || r.Batch != nil && r.Batch.Cut }

// Type is what the sender calls it, as far as that can be read: the event_type, the
// name of a track call, or the type of a delivery.
func (r *Reject) Type() string {
	if r.Kind != "" {
		return r.Kind
	}
	var named struct {
		EventType string `json:"event_type"`
		Event     string `json:"event"`
		Type      string `json:"type"`
	}
	// A member of another kind leaves the others read.
	_ = json.Unmarshal(r.Raw, &named)
	switch {
	case r.Path == pathEvents:
		return named.EventType
	case named.Event != "":
		return named.Event
	case named.Type != "":
		return named.Type
	}
	return strings.TrimPrefix(r.Path, pathMessages)
}
