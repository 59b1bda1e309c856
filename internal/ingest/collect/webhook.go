package collect

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

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
