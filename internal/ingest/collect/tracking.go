package collect

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/tiendi/tiendi/internal/event"
)

// envelope is what Segment's libraries send: one message, or a batch with what
// its messages have in common.
type envelope struct {
	WriteKey string            `json:"writeKey"`
	SentAt   string            `json:"sentAt"`
	Batch    []json.RawMessage `json:"batch"`
	Context  json.RawMessage   `json:"context"`
}

// tracking is an endpoint for messages of one type, or for a "batch" of any.
func (c *Collector) tracking(kind string) func(*call) (*answer, error) {
	return func(one *call) (*answer, error) {
		key := presentedKey(one.r)
		if key != "" {
			if err := c.identify(one, key); err != nil {
				return nil, err
			}
		}
		body, err := c.body(one, jsonTypes)
		if err != nil {
			return nil, err
		}
		var e envelope
		if err := json.Unmarshal(body, &e); err != nil {
			return nil, refuse(http.StatusBadRequest, "the body is not what Segment's libraries send: %.200s", err)
		}
		if key == "" { // libraries in the browser write it into the body
			if err := c.identify(one, e.WriteKey); err != nil {
				return nil, err
			}
		}
		if kind != "batch" {
			e.Batch = []json.RawMessage{body}
		}
		if len(e.Batch) > c.limits.BatchEvents {
			return nil, refuse(http.StatusRequestEntityTooLarge, "more than %d messages; send fewer at once", c.limits.BatchEvents)
		}
		return c.messages(one, kind, &e, len(body))
	}
}

// messages answers 200: some of Segment's libraries take nothing else for success.
func (c *Collector) messages(one *call, kind string, e *envelope, size int) (*answer, error) {
	t := c.take(one, size)
	t.answer.status, t.answer.Success = http.StatusOK, true
	if kind == "batch" {
		one.batch = newBatch(e)
	}
	for i, raw := range e.Batch {
		one.origin.Index = i
		switch ev, rejection := c.message(one, kind, e, raw); {
		case rejection != nil:
			t.refuse(i, raw, *rejection)
		case ev == nil:
			t.answer.Ignored++
		default:
			t.accept(ev)
		}
	}
	t.readable = true // the envelope was
	return t.finish()
}

// message makes an event of one message, nil of one that carries none.
func (c *Collector) message(one *call, kind string, e *envelope, raw []byte) (*event.BaseEvent, *event.Rejection) {
	m := message{SentAt: e.SentAt}
	if rejection := m.read(raw, kind, e); rejection != nil {
		return nil, rejection
	}
	d, ok := m.mapped(raw, judges{c.options.Registry.Web, c.agents.Agent}, &one.origin, one.now)
	if !ok {
		return nil, nil
	}
	mapped, err := encoded(d)
	if err != nil {
		return nil, &event.Rejection{Reason: event.MalformedJSON, Detail: "it makes no event"}
	}
	ev, rejection := c.options.Registry.ParseFrom(mapped, one.now, &one.origin)
	return &ev, rejection
}

// read takes a message apart; what the batch says holds where it says nothing.
func (m *message) read(raw []byte, kind string, e *envelope) *event.Rejection {
	if kind == "batch" && len(e.Context) > 0 {
		if err := json.Unmarshal(e.Context, &m.Context); err != nil {
			return unreadable(err)
		}
	}
	if err := json.Unmarshal(raw, m); err != nil {
		return unreadable(err)
	}
	if kind != "batch" {
		m.Type = kind
	}
	return nil
}

func unreadable(err error) *event.Rejection {
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		pointer := ""
		if wrong.Field != "" {
			pointer = "/" + strings.ReplaceAll(wrong.Field, ".", "/")
		}
		return &event.Rejection{Reason: event.WrongType, Pointer: pointer, Detail: "want " + jsonKind.Replace(wrong.Type.Kind().String()) + ", got " + wrong.Value}
	}
	return &event.Rejection{Reason: event.MalformedJSON, Detail: err.Error()}
}

// jsonKind calls Go's kinds by JSON's names.
var jsonKind = strings.NewReplacer("struct", "object", "slice", "array", "bool", "boolean")
