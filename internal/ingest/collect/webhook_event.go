package collect

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/tiendi/tiendi/internal/event"
)

// webhook takes one signed delivery.
func (c *Collector) webhook(one *call) (*answer, error) {
	source := one.r.PathValue("source")
	hook, ok := c.webhooks[source]
	if !ok {
		return nil, refuse(http.StatusNotFound, "there is no webhook of this name; collect.webhooks lists them")
	}
	body, err := c.body(one, jsonTypes)
	if err != nil {
		return nil, err
	}
	if !genuine(hook.Scheme, hook.Secrets, one.r.Header, body, one.now) {
		return nil, refuse(http.StatusUnauthorized, "the signature is missing, wrong, or older than %s", tolerance)
	}
	one.source = source
	d, err := readDelivery(body)
	if err != nil {
		return nil, refuse(http.StatusBadRequest, "the body is no JSON: %.200s", err)
	}
	t := c.take(one, len(body))
	t.readable = true
	if name, ok := strings.CutPrefix(hook.Type, "header:"); ok {
		one.kind = one.r.Header.Get(name)
	} else {
		one.kind = d.text(hook.Type)
	}
	if ev, rejection := c.delivered(one, hook, d); rejection != nil {
		t.refuse(0, body, *rejection)
	} else {
		t.accept(ev)
	}
	return t.finish()
}

// delivered is the event that a delivery stands for.
func (c *Collector) delivered(one *call, hook Webhook, d delivery) (*event.BaseEvent, *event.Rejection) {
	raw, rejection := hook.event(one, d)
	if rejection != nil {
		return nil, rejection
	}
	// What the connection says is the sender's, not the customer's.
	ev, rejection := c.options.Registry.Parse(raw, one.now)
	return &ev, rejection
}

// id is the same whenever the same is delivered.
func (h Webhook) id(one *call, d delivery) event.ID {
	if text := d.text(h.ID); text != "" {
		return deliveryID(one.source, []byte(text))
	}
	if !one.origin.EventID.IsZero() {
		return one.origin.EventID
	}
	return deliveryID(one.source, d.raw)
}

func deliveryID(source string, identity []byte) event.ID {
	return event.ID(uuid.NewSHA1(webhookSpace, append([]byte(source+"\x00"), identity...)))
}

// event makes the JSON of the event that a delivery stands for.
func (h Webhook) event(one *call, d delivery) ([]byte, *event.Rejection) {
	source, kind, now := one.source, one.kind, one.now
	mapping, ok := h.Events[kind]
	if !ok {
		pointer := h.Type
		if !strings.HasPrefix(pointer, "/") {
			pointer = ""
		}
		return nil, &event.Rejection{Reason: event.UnknownType, Pointer: pointer,
			Detail: fmt.Sprintf("collect.webhooks.%s.events has nothing for %.80q", source, kind)}
	}
	b := event.AppendID([]byte(`{"event_id":"`), h.id(one, d))
	b = event.AppendString(append(b, `","event_type":`...), string(mapping.Type))
	b = append(append(b, `,"timestamp":`...), d.timestamp(h.Timestamp, now)...)
	if user, ok := d.value(mapping.UserID); ok {
		b = append(append(b, `,"user_id":`...), user...)
	}
	b = append(b, `,"properties":{`...)
	for i, key := range slices.Sorted(maps.Keys(mapping.Properties)) {
		value, ok := d.value(mapping.Properties[key])
		if !ok {
			value = "null" // the schema says whether it may be missing
		}
		if i > 0 {
			b = append(b, ',')
		}
		b = append(append(event.AppendString(b, key), ':'), value...)
	}
	return append(b, "}}"...), nil
}
