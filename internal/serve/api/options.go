package api

import (
	"context"
	"log/slog"
	"net/netip"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/semantic"
	"github.com/tiendi/tiendi/internal/serve/auth"
	"github.com/tiendi/tiendi/internal/serve/live"
	"github.com/tiendi/tiendi/internal/serve/metabase"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// Verifier says whose token it is; auth.Verifier does.
type Verifier interface {
	Verify(token string) (auth.Principal, error)
}

// Warehouse answers SQL; warehouse.Client does.
type Warehouse interface {
	Query(ctx context.Context, sql string, opts ...warehouse.Option) (*warehouse.Rows, error)
}

// Live reads what happens now; live.Reader does.
type Live interface {
	Read(ctx context.Context, store event.ID, now time.Time) (live.Snapshot, error)
}

// Answers keeps answers for a while. Get gives nil for what is not there; one that is lost
// is asked for again.
type Answers interface {
	Get(ctx context.Context, key string) ([]byte, error)
	Put(ctx context.Context, key string, answer []byte) error
}

// Options is what a server consists of.
type Options struct {
	Verifier  Verifier
	Metrics   *semantic.Manifest
	Pulse     string // the metric whose last day says up to when there are data
	Currency  string // of all money, by ISO 4217
	Warehouse Warehouse
	Database  string    // of the tables
	Tables    []string  // that metrics come from, whatever lies between: their data are an answer's version
	Shared    []string  // of these, those that every vendor may read whole: they are nobody's
	Category  string    // dimension that a store's peers may share: product__category
	Cohort    int       // least stores that a vendor is told of together; 0: cohort.Least
	Live      Live      // nil: none
	Reports   Reports   // nil: none
	Anomalies Anomalies // nil: nobody looks for any
	Searched  []string  // tables that anomalies are looked for in: their data are its version
	// Metabase has dashboards for administrators; nil: none.
	Metabase *metabase.Site
	Answers  Answers  // nil: each server keeps its own
	Origins  []string // of pages that may ask; "*" for all
	Limits   Limits
	// TrustedProxies are those whose X-Forwarded-For is believed.
	TrustedProxies []netip.Prefix
	Registry       *prometheus.Registry
	Clock          func() time.Time
	Log            *slog.Logger
}

// Limits bound what one server does for one tenant, and in all. A field that is 0 has the
// default in brackets.
type Limits struct {
	Rate     float64       // requests a second of a tenant (50); twice that at once
	Queries  int           // questions to the warehouse a minute of a tenant (300)
	AtOnce   int           // of them at once (4)
	Rows     int           // of a page , at most (10,000)
	Duration time.Duration // of a question (30 s)
	Memory   int64         // bytes of the engine for one (2 GB)
	Streams  int           // live streams of a tenant at once (20)
	// AddressRate is how many requests a second one client address may send, whoever's
	// tokens it has, and twice that at once; 0: no limit.
	AddressRate float64
}

func (l Limits) withDefaults() Limits {
	l.Rate = orElse(l.Rate, 50)
	l.Queries = orElse(l.Queries, 300)
	l.AtOnce = orElse(l.AtOnce, 4)
	l.Rows = orElse(l.Rows, 10_000)
	l.Duration = orElse(l.Duration, 30*time.Second)
	l.Memory = orElse(l.Memory, 2_000_000_000)
	l.Streams = orElse(l.Streams, 20)
	return l
}

func orElse[N float64 | int | int64 | time.Duration](set, otherwise N) N {
	if set == 0 {
		return otherwise
	}
	return set
}
