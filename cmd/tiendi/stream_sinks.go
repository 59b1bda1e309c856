package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/stream/record"
	"github.com/tiendi/tiendi/internal/stream/sink"
	"github.com/tiendi/tiendi/internal/stream/sink/clickhouse"
	pgsink "github.com/tiendi/tiendi/internal/stream/sink/postgres"
	"github.com/tiendi/tiendi/internal/stream/sink/redis"
	"github.com/tiendi/tiendi/internal/stream/worker"
)

// wireSinks adds the sinks of the target. A warehouse or a Redis that is away does not
// stop the others: they are connected to when they are first written to.
func (s *session) wireSinks(w *streamWiring, parts []string, localRedis string) error {
	zone, err := s.zone()
	if err != nil {
		return err
	}
	o := &w.options
	raw := &rawLayer{session: s}
	o.Events = &lateEvents{later[sink.Events]{open: raw.events}}
	o.Targets = map[worker.Stage]sink.Target{worker.ClickHouse: &lateTarget{later[sink.Target]{open: raw.live}}}
	w.changes = &lateChanges{later: later[sink.Changes]{open: raw.changes}}
	o.Changes = w.changes
	sinks := []worker.Stage{worker.Events, worker.ClickHouse, worker.Changes}
	if url := cmp.Or(s.settings.Redis.URL.Reveal(), localRedis); url != "" {
		target, err := redis.New(redis.Config{URL: url, Zone: zone})
		if err != nil {
			return err
		}
		w.closers = append(w.closers, func() { _ = target.Close() })
		w.metrics = append(w.metrics, omittedByRedis("old", func() uint64 { return target.Omitted().Old }), omittedByRedis("full", func() uint64 { return target.Omitted().Full }))
		o.Targets[worker.Redis] = target
		sinks = append(sinks, worker.Redis)
	}
	if w.db != nil {
		keep, err := s.keepLive()
		if err != nil {
			return err
		}
		o.Targets[worker.PostgreSQL] = pgsink.New(w.db, zone, keep)
		sinks = append(sinks, worker.PostgreSQL)
	}
	if kept, err := openArchive(s.settings.Archive); err == nil {
		o.Archive = kept
		sinks = append(sinks, worker.Archives...)
	} else if !errors.Is(err, errNoArchive) {
		return err
	} else if slices.Contains(parts, "archive") {
		return err
	}
	o.Stages = stages(parts, sinks)
	return nil
}

// omittedByRedis is a metric of updates that the sink has left out: of days and minutes
// that are too old, or of stores, products and sources beyond their limit.
func omittedByRedis(why string, count func() uint64) prometheus.Collector {
	return prometheus.NewCounterFunc(prometheus.CounterOpts{
		Name: "tiendi_stream_redis_omitted_total", ConstLabels: prometheus.Labels{"why": why},
		Help: "Updates that were not written into Redis.",
	}, func() float64 { return float64(count()) })
}

// keepLive is how long PostgreSQL keeps what the streams say of the present, as the
// warehouse does; 0 is for ever.
func (s *session) keepLive() (time.Duration, error) {
	text := s.stringVar("live_days", "0")
	days, err := strconv.Atoi(text)
	if err != nil || days < 0 {
		return 0, fmt.Errorf("var live_days is %q: give a whole number from 0", text)
	}
	return time.Duration(days) * 24 * time.Hour, nil
}

// rawLayer is the part of the warehouse that streams write to. Its tables are made
// when it is first needed.
type rawLayer struct {
	session *session
	mu      sync.Mutex
}

// ensure makes the tables of these models, and gives where they are.
func (r *rawLayer) ensure(ctx context.Context, models ...string) (database string, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	tables := &rawTables{session: r.session}
	return tables.database(), tables.Ensure(ctx, models...)
}

func (r *rawLayer) events(ctx context.Context) (sink.Events, error) {
	s := r.session
	database, err := r.ensure(ctx, "events_raw", "daily_metrics_mv")
	if err != nil {
		return nil, err
	}
	return clickhouse.OpenEvents(ctx, clickhouse.Options{Warehouse: s.client, Database: database, Now: s.app.Now, Logger: s.app.Log})
}

func (r *rawLayer) live(ctx context.Context) (sink.Target, error) {
	database, err := r.ensure(ctx, clickhouse.LiveTables()...)
	if err != nil {
		return nil, err
	}
	return clickhouse.NewLive(r.session.client, database), nil
}

// later is something that is opened when it is first needed.
type later[T any] struct {
	open func(context.Context) (T, error)

	mu   sync.Mutex
	done bool
	it   T
}

func (l *later[T]) get(ctx context.Context) (T, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.done {
		return l.it, nil
	}
	it, err := l.open(ctx)
	if err == nil {
		l.it, l.done = it, true
	}
	return it, err
}

// lateEvents is a sink.Events that is opened when it is first needed.
type lateEvents struct{ later[sink.Events] }

// Insert implements sink.Events.
func (l *lateEvents) Insert(ctx context.Context, token string, batches iter.Seq[[]byte]) error {
	events, err := l.get(ctx)
	if err != nil {
		return err
	}
	return events.Insert(ctx, token, batches)
}

// lateTarget is a sink.Target that is opened when it is first needed.
type lateTarget struct{ later[sink.Target] }

// Applied implements sink.Target.
func (l *lateTarget) Applied(ctx context.Context, partition int) (broker.Progress, error) {
	target, err := l.get(ctx)
	if err != nil {
		return broker.Progress{}, err
	}
	return target.Applied(ctx, partition)
}

// Apply implements sink.Target.
func (l *lateTarget) Apply(ctx context.Context, from, to broker.Progress, publications []*record.Publication) error {
	target, err := l.get(ctx)
	if err != nil {
		return err
	}
	return target.Apply(ctx, from, to, publications)
}
