package profile

import (
	"strings"
)

// key is one setting: where it stands in a target, and what it sets. The
// environment names it TIENDI_ and its path: TIENDI_WAREHOUSE_DATABASE.
type key struct {
	path string
	set  func(s *Settings, v value) error
}

// keys are the settings of a target. A new section is new lines here, a field
// in Settings, and lines in profiles.example.yaml.
var keys = []key{
	{"threads", func(s *Settings, v value) error { return v.count(&s.Threads) }},
	{"warehouse.type", func(s *Settings, v value) error { return v.oneOf(&s.Warehouse.Type, Embedded, ClickHouse) }},
	{"warehouse.database", func(s *Settings, v value) error { return v.text(&s.Warehouse.Database) }},
	{"warehouse.memory_limit", func(s *Settings, v value) error { return v.size(&s.Warehouse.MemoryLimit) }},
	{"warehouse.addresses", func(s *Settings, v value) error { return v.texts(&s.Warehouse.Addresses) }},
	{"warehouse.http_address", func(s *Settings, v value) error { return v.text(&s.Warehouse.HTTPAddress) }},
	{"warehouse.user", func(s *Settings, v value) error { return v.text(&s.Warehouse.User) }},
	{"warehouse.password", func(s *Settings, v value) error { return v.secret(&s.Warehouse.Password) }},
	{"warehouse.password_file", func(s *Settings, v value) error { return v.secretFile(&s.Warehouse.Password) }},
	{"warehouse.secure", func(s *Settings, v value) error { return v.flag(&s.Warehouse.Secure) }},
	{"warehouse.skip_verify", func(s *Settings, v value) error { return v.flag(&s.Warehouse.SkipVerify) }},
	{"warehouse.ca_file", func(s *Settings, v value) error { return v.file(&s.Warehouse.CAFile) }},
	{"warehouse.cluster", func(s *Settings, v value) error { return v.text(&s.Warehouse.Cluster) }},
	{"warehouse.settings", func(s *Settings, v value) error { return v.settings(&s.Warehouse.Settings) }},
	{"enrich.countries", func(s *Settings, v value) error { return v.file(&s.Enrich.Countries) }},
	{"stream.listen", func(s *Settings, v value) error { return v.text(&s.Stream.Listen) }},
	{"stream.lateness", func(s *Settings, v value) error { return v.duration(&s.Stream.Lateness) }},
	{"broker.type", func(s *Settings, v value) error { return v.oneOf(&s.Broker.Type, Embedded, RabbitMQ) }},
	{"broker.url", func(s *Settings, v value) error { return v.secret(&s.Broker.URL) }},
	{"broker.partitions", func(s *Settings, v value) error { return v.count(&s.Broker.Partitions) }},
	{"postgres.url", func(s *Settings, v value) error { return v.url(&s.Postgres.URL, "postgres", "postgresql") }},
	{"cdc.url", func(s *Settings, v value) error { return v.url(&s.CDC.URL, "postgres", "postgresql") }},
	{"cdc.tables", func(s *Settings, v value) error { return v.texts(&s.CDC.Tables) }},
	{"cdc.slot", func(s *Settings, v value) error { return v.text(&s.CDC.Slot) }},
	{"cdc.publication", func(s *Settings, v value) error { return v.text(&s.CDC.Publication) }},
	{"cdc.listen", func(s *Settings, v value) error { return v.text(&s.CDC.Listen) }},
	{"redis.url", func(s *Settings, v value) error { return v.url(&s.Redis.URL, "redis", "rediss", "unix") }},
	{"collect.listen", func(s *Settings, v value) error { return v.text(&s.Collect.Listen) }},
	{"collect.keys", func(s *Settings, v value) error { return v.lists(&s.Collect.Keys) }},
	{"collect.origins", func(s *Settings, v value) error { return v.texts(&s.Collect.Origins) }},
	{"collect.trusted_proxies", func(s *Settings, v value) error { return v.texts(&s.Collect.TrustedProxies) }},
	{"collect.webhooks", func(s *Settings, v value) error { return v.webhooks(&s.Collect.Webhooks) }},
	{"collect.events_per_key", func(s *Settings, v value) error { return v.rate(&s.Collect.EventsPerKey) }},
	{"collect.requests_per_ip", func(s *Settings, v value) error { return v.rate(&s.Collect.RequestsPerIP) }},
	{"collect.batch_events", func(s *Settings, v value) error { return v.count(&s.Collect.BatchEvents) }},
	{"collect.body_bytes", func(s *Settings, v value) error { return v.size(&s.Collect.BodyBytes) }},
	{"collect.memory_bytes", func(s *Settings, v value) error { return v.size(&s.Collect.MemoryBytes) }},
	{"collect.spool_bytes", func(s *Settings, v value) error { return v.size(&s.Collect.SpoolBytes) }},
	{"collect.spool", func(s *Settings, v value) error { return v.file(&s.Collect.Spool) }},
	{"traces.url", func(s *Settings, v value) error { return v.receiver(&s.Traces.URL) }},
	{"traces.ratio", func(s *Settings, v value) error { return v.ratio(&s.Traces.Ratio) }},
	{"serve.listen", func(s *Settings, v value) error { return v.text(&s.Serve.Listen) }},
	{"serve.issuer", func(s *Settings, v value) error { return v.text(&s.Serve.Issuer) }},
	{"serve.audience", func(s *Settings, v value) error { return v.text(&s.Serve.Audience) }},
	{"serve.secret", func(s *Settings, v value) error { return v.secret(&s.Serve.Secret) }},
	{"serve.key_set", func(s *Settings, v value) error {
		return v.page(&s.Serve.KeySet, "must be a URL, as https://shop.example/.well-known/jwks.json")
	}},
	{"serve.origins", func(s *Settings, v value) error { return v.texts(&s.Serve.Origins) }},
	{"serve.requests_per_second", func(s *Settings, v value) error { return v.rate(&s.Serve.RequestsPerSecond) }},
	{"serve.queries_per_minute", func(s *Settings, v value) error { return v.count(&s.Serve.QueriesPerMinute) }},
	{"serve.benchmark_cohort", func(s *Settings, v value) error { return v.count(&s.Serve.BenchmarkCohort) }},
	{"serve.requests_per_ip", func(s *Settings, v value) error { return v.rate(&s.Serve.RequestsPerIP) }},
	{"serve.trusted_proxies", func(s *Settings, v value) error { return v.texts(&s.Serve.TrustedProxies) }},
	{"metabase.url", func(s *Settings, v value) error {
		return v.page(&s.Metabase.URL, "must be the URL at which browsers reach Metabase, as https://metabase.shop.example")
	}},
	{"metabase.secret", func(s *Settings, v value) error { return v.secret(&s.Metabase.Secret) }},
	{"metabase.dashboards", func(s *Settings, v value) error { return v.numbers(&s.Metabase.Dashboards) }},
	{"report.smtp", func(s *Settings, v value) error { return v.mailServer(&s.Report.SMTP) }},
	{"report.tls", func(s *Settings, v value) error { return v.oneOf(&s.Report.TLS, "required", "offered", "none") }},
	{"report.from", func(s *Settings, v value) error { return v.address(&s.Report.From) }},
	{"report.admins", func(s *Settings, v value) error { return v.addresses(&s.Report.Admins) }},
	{"report.language", func(s *Settings, v value) error { return v.oneOf(&s.Report.Language, "en", "es") }},
	{"report.connections", func(s *Settings, v value) error { return v.count(&s.Report.Connections) }},
	{"report.webhook", func(s *Settings, v value) error { return v.hook(&s.Report.Webhook) }},
	{"report.webhook_secret", func(s *Settings, v value) error { return v.secret(&s.Report.WebhookSecret) }},
	{"archive.url", func(s *Settings, v value) error { return v.archive(&s.Archive) }},
	{"archive.prefix", func(s *Settings, v value) error { return v.prefix(&s.Archive.Prefix) }},
	{"archive.retention_days", func(s *Settings, v value) error { return v.count(&s.Archive.RetentionDays) }},
	{"archive.key_id", func(s *Settings, v value) error { return v.text(&s.Archive.KeyID) }},
	{"archive.key", func(s *Settings, v value) error { return v.secret(&s.Archive.Key) }},
	{"archive.key_file", func(s *Settings, v value) error { return v.secretFile(&s.Archive.Key) }},
}

// sections are the keys of a target itself.
func sections() []string {
	var list []string
	for _, k := range keys {
		name, _, _ := strings.Cut(k.path, ".")
		if len(list) == 0 || list[len(list)-1] != name {
			list = append(list, name)
		}
	}
	return list
}

// keysOf are the keys of one section.
func keysOf(section string) []string {
	var list []string
	for _, k := range keys {
		if name, ok := strings.CutPrefix(k.path, section+"."); ok {
			list = append(list, name)
		}
	}
	return list
}

func keyAt(path string) (key, bool) {
	for _, k := range keys {
		if k.path == path {
			return k, true
		}
	}
	return key{}, false
}

// variable is the name of a setting in the environment.
func (k key) variable() string {
	return "TIENDI_" + strings.ToUpper(strings.ReplaceAll(k.path, ".", "_"))
}
