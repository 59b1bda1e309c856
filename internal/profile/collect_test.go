package profile

import (
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

const collector = `
shop:
  outputs:
    dev:
      broker: {url: "amqp://u:hunter2@mq/shop", partitions: 16}
      collect:
        listen: 0.0.0.0:8088
        keys: {web: aa, app: [bb, cc]}
        origins: [https://shop.example]
        trusted_proxies: [10.0.0.0/8]
        events_per_key: 2000
        requests_per_ip: 0.5
        batch_events: 100
        body_bytes: 1MiB
        memory_bytes: 64MiB
        spool_bytes: 2GiB
        spool: spool
        webhooks:
          pay:
            scheme: stripe
            secrets: ["{{ env_var('PW') }}", old]
            id: /id
            events:
              paid: {event_type: payment_succeeded, user_id: /u, properties: {amount: /a | cents, method: card}}
`

func TestCollect(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "profiles.yaml", collector)
	s, err := Load(Options{ProjectDir: dir, LookupEnv: environment("PW", "s3cret")})
	if err != nil {
		t.Fatal(err)
	}
	want := Collect{
		Listen: "0.0.0.0:8088", Keys: map[string][]string{"web": {"aa"}, "app": {"bb", "cc"}}, Origins: []string{"https://shop.example"},
		TrustedProxies: []string{"10.0.0.0/8"}, EventsPerKey: 2000, RequestsPerIP: 0.5, BatchEvents: 100,
		BodyBytes: "1MiB", MemoryBytes: "64MiB", SpoolBytes: "2GiB", Spool: filepath.Join(dir, "spool"),
		Webhooks: map[string]Webhook{"pay": {Scheme: "stripe", Secrets: []Secret{"s3cret", "old"}, ID: "/id", Events: map[string]WebhookEvent{
			"paid": {EventType: "payment_succeeded", UserID: "/u", Properties: map[string]string{"amount": "/a | cents", "method": "card"}},
		}}},
	}
	if !reflect.DeepEqual(s.Collect, want) {
		t.Errorf("got  %+v\nwant %+v", s.Collect, want)
	}
	if s.Broker.Type != RabbitMQ || s.Broker.Partitions != 16 || s.Broker.URL.Reveal() != "amqp://u:hunter2@mq/shop" {
		t.Errorf("got %+v", s.Broker)
	}
}

func TestCollectFromTheEnvironment(t *testing.T) {
	s, err := Load(Options{ProjectDir: t.TempDir(), LookupEnv: environment(
		"TIENDI_COLLECT_KEYS", "web=aa, app=bb,web=cc", "TIENDI_COLLECT_EVENTS_PER_KEY", "7.5", "TIENDI_BROKER_URL", "amqp://mq",
	)})
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(s.Collect.Keys, map[string][]string{"web": {"aa", "cc"}, "app": {"bb"}}) || s.Collect.EventsPerKey != 7.5 || s.Broker.Type != RabbitMQ {
		t.Errorf("got %+v", s)
	}
}

func TestCollectErrors(t *testing.T) {
	for _, c := range []struct{ keys, fails string }{
		{"collect: {keys: {web: {a: b}}}", "collect.keys has web, which must be a list of texts"},
		{"collect: {keys: [a]}", "collect.keys must be a mapping"},
		{"collect: {events_per_key: -1}", "collect.events_per_key must be a number above 0"},
		{"collect: {webhooks: {pay: {sceme: x}}}", "collect.webhooks has pay, which has sceme, which is an unknown key; did you mean scheme?"},
		{"collect: {webhooks: {pay: {events: {x: {properties: {a: [1]}}}}}}", "which has a, which must be text"},
		{"collect: {spool_bytes: lots}", "collect.spool_bytes must be an amount"},
		{"broker: {type: rabbitmq}", "broker.url is missing"},
		{"broker: {type: embedded, url: 'amqp://u:hunter2@mq'}", "broker.url is for a server"},
	} {
		dir := t.TempDir()
		write(t, dir, "profiles.yaml", "p: {outputs: {dev: {"+c.keys+"}}}")
		if _, err := Load(Options{ProjectDir: dir}); err == nil || !strings.Contains(err.Error(), c.fails) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: got %v", c.keys, err)
		}
	}
}
