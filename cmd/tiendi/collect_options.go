package main

import (
	"fmt"
	"net/netip"
	"path/filepath"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/ingest/collect"
	"github.com/tiendi/tiendi/internal/local"
	"github.com/tiendi/tiendi/internal/profile"
)

// collectorOptions turn settings into what the collector needs, but for the log.
func (a *App) collectorOptions(s profile.Settings) (collect.Options, error) {
	c := s.Collect
	o := collect.Options{
		Origins: c.Origins, Webhooks: webhooks(c.Webhooks), SpoolDir: c.Spool, Now: a.Now, Log: a.Log,
		Metrics: prometheus.NewRegistry(),
	}
	if err := o.Metrics.Register(collectors.NewGoCollector()); err != nil {
		return o, err
	}
	if err := o.Metrics.Register(collectors.NewProcessCollector(collectors.ProcessCollectorOpts{})); err != nil {
		return o, err
	}
	var err error
	if o.Registry, err = a.registry(&eventsOptions{}); err != nil {
		return o, err
	}
	if o.Keys, err = collect.ParseKeys(c.Keys); err != nil {
		return o, err
	}
	if o.TrustedProxies, err = parseNetworks("collect.trusted_proxies", c.TrustedProxies); err != nil {
		return o, err
	}
	o.Limits, err = collectLimits(c)
	return o, err
}

// parseNetworks reads the addresses and networks of a setting.
func parseNetworks(setting string, texts []string) (networks []netip.Prefix, err error) {
	for _, text := range texts {
		network, err := parseNetwork(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %q is no address and no network: write 10.0.0.7 or 10.0.0.0/8", setting, text)
		}
		networks = append(networks, network)
	}
	return networks, nil
}

func collectLimits(c profile.Collect) (collect.Limits, error) {
	l := collect.Limits{BatchEvents: c.BatchEvents, KeyRate: c.EventsPerKey, IPRate: c.RequestsPerIP}
	for name, one := range map[string]struct {
		text string
		set  func(int64)
	}{
		"body_bytes":   {c.BodyBytes, func(n int64) { l.BodyBytes = int(n) }},
		"memory_bytes": {c.MemoryBytes, func(n int64) { l.InFlightBytes = n }},
		"spool_bytes":  {c.SpoolBytes, func(n int64) { l.SpoolBytes = n }},
	} {
		n, err := local.ParseBytes(one.text)
		if err != nil {
			return l, fmt.Errorf("collect.%s: %w", name, err)
		}
		one.set(int64(n))
	}
	return l, nil
}

// parseNetwork reads a network, or an address as one of a single host.
func parseNetwork(text string) (netip.Prefix, error) {
	if addr, err := netip.ParseAddr(text); err == nil {
		return netip.PrefixFrom(addr, addr.BitLen()), nil
	}
	return netip.ParsePrefix(text)
}

func webhooks(from map[string]profile.Webhook) map[string]collect.Webhook {
	all := map[string]collect.Webhook{}
	for source, h := range from {
		hook := collect.Webhook{Scheme: h.Scheme, Type: h.Type, ID: h.ID, Timestamp: h.Timestamp, Events: map[string]collect.WebhookEvent{}}
		for _, secret := range h.Secrets {
			hook.Secrets = append(hook.Secrets, secret.Reveal())
		}
		for name, e := range h.Events {
			hook.Events[name] = collect.WebhookEvent{Type: event.Type(e.EventType), UserID: e.UserID, Properties: e.Properties}
		}
		all[source] = hook
	}
	return all
}

func (a *App) spoolDir() (string, error) {
	state, err := a.stateDir()
	return filepath.Join(state, "spool"), err
}
