package collect

import (
	"cmp"
	"context"
	"log/slog"
	"net/netip"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/tracing"
)

// Log is what batches are appended to; *broker.Producer is one.
type Log interface {
	// Batch numbers a batch. The body is kept, not copied.
	Batch(partition int, body []byte, count int) broker.Batch
	// Append returns when the batch is stored. After an error it may be, and the
	// same batch may be appended again.
	Append(ctx context.Context, b broker.Batch) error
}

// Topic is a log with its name and its number of partitions.
type Topic struct {
	Name       string
	Partitions int
	Log        Log
}

// Options say what a collector takes, and where it puts it.
type Options struct {
	Registry *event.Registry
	Events   Topic // valid events, keyed by session_id
	Rejected Topic // what was refused, as Reject
	// Keys are the write keys. Without any, everybody may write.
	Keys Keys
	// Origins are the sites whose pages may send: "https://shop.example", or "*".
	Origins []string
	// Webhooks are the senders of /v1/webhooks/{source}, by source.
	Webhooks map[string]Webhook
	// TrustedProxies are believed about whom they pass on.
	TrustedProxies []netip.Prefix
	Limits         Limits
	SpoolDir       string // of this collector alone
	Now            func() time.Time
	Log            *slog.Logger
	Metrics        *prometheus.Registry
	Tracer         *tracing.Tracer // nil for none
}

// Limits bound what a collector takes on. Zero values stand for DefaultLimits.
type Limits struct {
	BodyBytes     int     // of a request, after decompression
	BatchEvents   int     // in a request
	InFlightBytes int64   // read and not yet answered, over all requests
	SpoolBytes    int64   // on disk
	KeyRate       float64 // events a second with one write key; 0 for no limit
	IPRate        float64 // requests a second from one address; 0 for no limit

	HeaderTimeout  time.Duration // for a client to send its headers
	ReadTimeout    time.Duration // for a client to send all of its request
	AnswerTimeout  time.Duration // for an answer, once the request is read
	ConfirmTimeout time.Duration // for the broker to confirm before the spool takes over
	Linger         time.Duration // that a batch waits for more events
	DrainTimeout   time.Duration // for what is under way when the collector is stopped
}

// DefaultLimits are for a collector that browsers and servers send to.
func DefaultLimits() Limits {
	return Limits{
		BodyBytes: 4 << 20, BatchEvents: 5000, InFlightBytes: 256 << 20, SpoolBytes: 1 << 30,
		HeaderTimeout: 5 * time.Second, ReadTimeout: 20 * time.Second, AnswerTimeout: 15 * time.Second,
		ConfirmTimeout: 5 * time.Second, Linger: 3 * time.Millisecond, DrainTimeout: 20 * time.Second,
	}
}

func (l Limits) settled() Limits {
	d := DefaultLimits()
	l.BodyBytes, l.BatchEvents = cmp.Or(l.BodyBytes, d.BodyBytes), cmp.Or(l.BatchEvents, d.BatchEvents)
	l.InFlightBytes, l.SpoolBytes = cmp.Or(l.InFlightBytes, d.InFlightBytes), cmp.Or(l.SpoolBytes, d.SpoolBytes)
	l.HeaderTimeout, l.ReadTimeout = cmp.Or(l.HeaderTimeout, d.HeaderTimeout), cmp.Or(l.ReadTimeout, d.ReadTimeout)
	l.AnswerTimeout, l.ConfirmTimeout = cmp.Or(l.AnswerTimeout, d.AnswerTimeout), cmp.Or(l.ConfirmTimeout, d.ConfirmTimeout)
	l.Linger, l.DrainTimeout = cmp.Or(l.Linger, d.Linger), cmp.Or(l.DrainTimeout, d.DrainTimeout)
	return l
}
