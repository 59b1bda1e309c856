package collect

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/tiendi/tiendi/internal/event"
)

// envelope is what Segment's libraries send: one message, or a batch with what
// its messages have in common.
type envelope struct {
	WriteKey string          `json:"writeKey"`
	SentAt   string          `json:"sentAt"`
	Batch    messages        `json:"batch"`
	Context  json.RawMessage `json:"context"`
	common   messageContext  // Context, read once for all messages of a batch
}

// readContext says what is wrong with the context of a batch, and so with each of
// its messages.
func (e *envelope) readContext() *event.Rejection {
	if len(e.Context) == 0 {
		return nil
	}
	if err := json.Unmarshal(e.Context, &e.common); err != nil {
		return unreadable(err)
	}
	return nil
}

// messages is the text of an array, which is cut as it is read: a list of a million
// zeros is many times their bytes.
type messages []byte

// UnmarshalJSON implements json.Unmarshaler.
func (m *messages) UnmarshalJSON(text []byte) error {
	switch {
	case string(text) == "null":
		return nil
	case text[0] != '[':
		return errors.New("batch is no array")
	}
	*m = slices.Clone(text)
	return nil
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
		e := envelope{Batch: messages("[]")}
		if err := json.Unmarshal(body, &e); err != nil {
			return nil, refuse(http.StatusBadRequest, "the body is not what Segment's libraries send: %.200s", err)
		}
		if key == "" { // libraries in the browser write it into the body
			if err := c.identify(one, e.WriteKey); err != nil {
				return nil, err
			}
		}
		return c.messages(one, kind, &e, body)
	}
}

// messages answers 200: some of Segment's libraries take nothing else for success.
func (c *Collector) messages(one *call, kind string, e *envelope, body []byte) (*answer, error) {
	t := c.take(one, len(body))
	t.answer.status, t.answer.Success = http.StatusOK, true
	if kind != "batch" {
		t.message(kind, e, 0, body, nil)
	} else {
		one.batch = newBatch(e)
		wrong := e.readContext()
		for part := range event.Split(e.Batch, event.Limits{Bytes: c.limits.BodyBytes, Events: c.limits.BatchEvents}) {
			if part.Rejection != nil && part.Rejection.Reason == event.TooLarge {
				return nil, refuse(http.StatusRequestEntityTooLarge, "more than %d messages; send fewer at once", c.limits.BatchEvents)
			}
			t.message(kind, e, part.Index, part.Raw, wrong)
		}
	}
	t.readable = true // the envelope was
	return t.finish()
}

// message takes one message; wrong is of all of its batch.
func (t *taking) message(kind string, e *envelope, index int, raw []byte, wrong *event.Rejection) {
	t.call.origin.Index = index
	var ev *event.BaseEvent
	if wrong == nil {
		ev, wrong = t.collector.message(t.call, kind, e, raw)
	}
	switch {
	case wrong != nil:
		t.refuse(index, raw, *wrong)
	case ev == nil:
		t.answer.Ignored++
	default:
		t.accept(ev)
	}
}

// message makes an event of one message, nil of one that carries none. What the
// batch says holds where the message says nothing.
func (c *Collector) message(one *call, kind string, e *envelope, raw []byte) (*event.BaseEvent, *event.Rejection) {
	m := message{SentAt: e.SentAt, Context: e.common}
	if err := json.Unmarshal(raw, &m); err != nil {
		return nil, unreadable(err)
	}
	if kind != "batch" {
		m.Type = kind
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
