package profile

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/tiendi/tiendi/internal/spelling"
)

// Broker says where the log of events is.
type Broker struct {
	Type       string // Embedded or RabbitMQ
	URL        Secret // of RabbitMQ, with user and password
	Partitions int    // of a topic, fixed for its life
}

// Collect is how the collector runs. What is zero or empty is for it to decide.
type Collect struct {
	Listen         string // host:port
	Keys           map[string][]string
	Origins        []string
	TrustedProxies []string
	Webhooks       map[string]Webhook
	EventsPerKey   float64
	RequestsPerIP  float64
	BatchEvents    int
	BodyBytes      string // amounts of memory: "4MiB"
	MemoryBytes    string
	SpoolBytes     string
	Spool          string // folder, absolute
}

// Webhook is a sender of signed deliveries.
type Webhook struct {
	Scheme              string
	Secrets             []Secret
	Type, ID, Timestamp string
	Events              map[string]WebhookEvent
}

// WebhookEvent says what event a delivery becomes.
type WebhookEvent struct {
	EventType, UserID string
	Properties        map[string]string
}

// standardPartitions are enough for one host to work on all at once, and for more
// hosts later.
const standardPartitions = 8

func (r *reader) settleBroker(s *Settings) {
	b := &s.Broker
	if b.Partitions == 0 {
		b.Partitions = standardPartitions
	}
	if b.Type == "" {
		b.Type = Embedded
		if b.URL != "" {
			b.Type = RabbitMQ
		}
	}
	switch {
	case b.Type == RabbitMQ && b.URL == "":
		r.wrong(s, "broker.url is missing: say where RabbitMQ is, amqp://user:password@host:5672/vhost")
	case b.Type == Embedded && b.URL != "":
		r.wrong(s, "broker.url is for a server: write broker.type: rabbitmq, or leave it out for the embedded broker")
	}
}

// lists takes a mapping of names to texts or lists of them, or name=text,… as the
// environment has it, where a name may stand several times.
func (v value) lists(to *map[string][]string) error {
	out := map[string][]string{}
	switch x := v.v.(type) {
	case map[string]any:
		for name, one := range x {
			var list []string
			if err := (value{v: one}).texts(&list); err != nil {
				return fmt.Errorf("has %s, which %w", name, err)
			}
			out[name] = list
		}
	case string:
		for pair := range strings.SplitSeq(x, ",") {
			name, text, ok := strings.Cut(pair, "=")
			if name = strings.TrimSpace(name); !ok || name == "" {
				return errors.New("must be name=value, several separated by commas")
			}
			out[name] = append(out[name], strings.TrimSpace(text))
		}
	default:
		return errors.New("must be a mapping of names to texts")
	}
	*to = out
	return nil
}

// rate takes how many a second.
func (v value) rate(to *float64) error {
	var text string
	if err := v.text(&text); err != nil {
		return err
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || !(n > 0) || n > 1e9 {
		return errors.New("must be a number above 0, of so many a second")
	}
	*to = n
	return nil
}

// webhooks takes a mapping of sources to how they sign and what they send.
func (v value) webhooks(to *map[string]Webhook) error {
	out := map[string]Webhook{}
	err := v.each(func(source string, below value) error {
		var h Webhook
		err := below.fields(map[string]func(value) error{
			"scheme":    func(v value) error { return v.text(&h.Scheme) },
			"secrets":   func(v value) error { return v.secrets(&h.Secrets) },
			"type":      func(v value) error { return v.text(&h.Type) },
			"id":        func(v value) error { return v.text(&h.ID) },
			"timestamp": func(v value) error { return v.text(&h.Timestamp) },
			"events":    func(v value) error { return v.webhookEvents(&h.Events) },
		})
		out[source] = h
		return err
	})
	*to = out
	return err
}

func (v value) webhookEvents(to *map[string]WebhookEvent) error {
	out := map[string]WebhookEvent{}
	err := v.each(func(name string, below value) error {
		e := WebhookEvent{Properties: map[string]string{}}
		err := below.fields(map[string]func(value) error{
			"event_type": func(v value) error { return v.text(&e.EventType) },
			"user_id":    func(v value) error { return v.text(&e.UserID) },
			"properties": func(v value) error {
				return v.each(func(key string, one value) error {
					var text string
					err := one.text(&text)
					e.Properties[key] = text
					return err
				})
			},
		})
		out[name] = e
		return err
	})
	*to = out
	return err
}

func (v value) secrets(to *[]Secret) error {
	var list []string
	if err := v.texts(&list); err != nil {
		return err
	}
	*to = nil
	for _, text := range list {
		*to = append(*to, Secret(text))
	}
	return nil
}

// each calls f with the members of a mapping, by name.
func (v value) each(f func(name string, below value) error) error {
	m, ok := v.v.(map[string]any)
	if !ok {
		return errors.New("must be a mapping, which stands in the file")
	}
	for _, name := range slices.Sorted(maps.Keys(m)) {
		if err := f(name, value{v: m[name], dir: v.dir}); err != nil {
			return fmt.Errorf("has %s, which %w", name, err)
		}
	}
	return nil
}

// fields sets the members of a mapping that may have these and no others.
func (v value) fields(setters map[string]func(value) error) error {
	return v.each(func(name string, below value) error {
		set, ok := setters[name]
		if !ok {
			return fmt.Errorf("is an unknown key; %s", spelling.Suggest(name, slices.Sorted(maps.Keys(setters))))
		}
		return set(below)
	})
}
