package collect

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/tiendi/tiendi/internal/event"
)

// Webhook is a sender of /v1/webhooks/{source}: how it signs, and what becomes
// of what it sends.
type Webhook struct {
	Scheme  string   // stripe, github or shopify
	Secrets []string // any of them will do, for rotation
	// Type, ID and Timestamp say where these are in a delivery: a JSON pointer,
	// or for Type "header:Name". "" stands for where the scheme has them. Without
	// an id, the body is one.
	Type, ID, Timestamp string
	// Events are the types that become events. Others are kept as rejected.
	Events map[string]WebhookEvent
}

// WebhookEvent says what a delivery becomes, by values (see value).
type WebhookEvent struct {
	Type       event.Type
	UserID     string
	Properties map[string]string
}

// schemes are where each scheme has what a mapping needs.
var schemes = map[string]Webhook{
	schemeStripe:  {Type: "/type", ID: "/id", Timestamp: "/created"},
	schemeGitHub:  {Type: "header:X-GitHub-Event"},
	schemeShopify: {Type: "header:X-Shopify-Topic", Timestamp: "/created_at"},
}

// webhookSpace is the name space of the ids of webhooks' events.
var webhookSpace = uuid.NewSHA1(uuid.NameSpaceURL, []byte("https://tiendi.example/webhooks"))

// settle fills in what the scheme says, and checks the rest.
func (h Webhook) settle(source string, schemas *event.Registry) (Webhook, error) {
	where := "collect.webhooks." + source
	standard, ok := schemes[h.Scheme]
	if !ok {
		return h, fmt.Errorf("%s: scheme %q is not known: use %s", where, h.Scheme, strings.Join(slices.Sorted(maps.Keys(schemes)), ", "))
	}
	if len(h.Secrets) == 0 || slices.Contains(h.Secrets, "") {
		return h, fmt.Errorf("%s: there is no secret, or an empty one: give the one that signs", where)
	}
	for _, p := range []struct{ own, standard *string }{{&h.Type, &standard.Type}, {&h.ID, &standard.ID}, {&h.Timestamp, &standard.Timestamp}} {
		if *p.own == "" {
			*p.own = *p.standard
		}
	}
	for name, e := range h.Events {
		if !schemas.Known(e.Type) {
			return h, fmt.Errorf("%s.events.%s: there is no event type %q", where, name, e.Type)
		}
		if schemas.Web(e.Type) {
			return h, fmt.Errorf("%s.events.%s: %s is sent by the visitor's browser, of which a webhook knows nothing", where, name, e.Type)
		}
		for key, text := range e.Properties {
			if _, err := parseValue(text); err != nil {
				return h, fmt.Errorf("%s.events.%s.properties.%s: %w", where, name, key, err)
			}
		}
		if _, err := parseValue(e.UserID); err != nil {
			return h, fmt.Errorf("%s.events.%s.user_id: %w", where, name, err)
		}
	}
	return h, nil
}

func settleWebhooks(all map[string]Webhook, schemas *event.Registry) (map[string]Webhook, error) {
	settled := map[string]Webhook{}
	var problems []error
	for _, source := range slices.Sorted(maps.Keys(all)) {
		h, err := all[source].settle(source, schemas)
		settled[source], problems = h, append(problems, err)
	}
	return settled, errors.Join(problems...)
}

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
	raw, rejection := hook.event(source, d, one.r.Header, one.now)
	if rejection == nil {
		var ev event.BaseEvent
		// What the connection says is the sender's, not the customer's.
		if ev, rejection = c.options.Registry.Parse(raw, one.now); rejection == nil {
			t.accept(&ev)
		}
	}
	if rejection != nil {
		t.refuse(0, body, *rejection)
	}
	return t.finish()
}

// event makes the JSON of the event that a delivery stands for.
func (h Webhook) event(source string, d delivery, header http.Header, now time.Time) ([]byte, *event.Rejection) {
	kind := d.text(h.Type)
	if name, ok := strings.CutPrefix(h.Type, "header:"); ok {
		kind = header.Get(name)
	}
	mapping, ok := h.Events[kind]
	if !ok {
		pointer := h.Type
		if !strings.HasPrefix(pointer, "/") {
			pointer = ""
		}
		return nil, &event.Rejection{Reason: event.UnknownType, Pointer: pointer,
			Detail: fmt.Sprintf("collect.webhooks.%s.events has nothing for %.80q", source, kind)}
	}
	id := uuid.NewSHA1(webhookSpace, append([]byte(source+"\x00"), d.identity(h.ID)...))
	b := append([]byte(`{"event_id":"`), id.String()...)
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
