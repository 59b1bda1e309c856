package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/tiendi/tiendi/internal/checkpoint"
	"github.com/tiendi/tiendi/internal/checkpoint/folder"
	pgcheckpoint "github.com/tiendi/tiendi/internal/checkpoint/postgres"
	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/postgres"
	"github.com/tiendi/tiendi/internal/stream/enrich"
	"github.com/tiendi/tiendi/internal/stream/worker"
)

// streamWiring is a worker's options, and what has to be closed afterwards.
type streamWiring struct {
	options worker.Options
	changes *lateChanges
	db      *postgres.DB // nil where the target has none
	metrics []prometheus.Collector
	closers []func()
}

func (w *streamWiring) close() {
	for _, c := range w.closers {
		c()
	}
}

// rememberEvents is how many ids the enrichers know of together; they take 11 bytes
// each.
const rememberEvents = 16_000_000

// memberTTL is how long a worker counts as alive that is not heard of.
const memberTTL = 10 * time.Second

// wireStream makes what the parts of a stream work with.
func (s *session) wireStream(ctx context.Context, log *eventLog, parts []string) (*streamWiring, error) {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	now := s.app.Now()
	w := &streamWiring{options: worker.Options{
		Broker: log, Partitions: s.settings.Broker.Partitions, Clock: s.app.Now, Log: s.app.Log,
		Member: checkpoint.Member{ID: host + "-" + uuid.NewString()[:8], Host: host, PID: os.Getpid(), Started: now},
	}}
	err = s.wireState(ctx, w)
	if err == nil {
		err = s.wireEnricher(w)
	}
	if err == nil {
		err = s.wireOperators(w)
	}
	if err == nil {
		err = s.wireSinks(w, parts, log.redis())
	}
	if err != nil {
		w.close()
		return nil, err
	}
	return w, nil
}

// wireState says where checkpoints are: in PostgreSQL, since workers on several
// hosts share no disk, or in the state folder of a laptop.
func (s *session) wireState(ctx context.Context, w *streamWiring) error {
	store, err := s.streamState(ctx, w)
	if err != nil {
		return err
	}
	w.options.Checkpoints, w.options.Members = store, store
	return nil
}

// streamStore is where workers keep their state and see each other.
type streamStore interface {
	checkpoint.Store
	checkpoint.Members
}

func (s *session) streamState(ctx context.Context, w *streamWiring) (streamStore, error) {
	if s.settings.Postgres.URL == "" {
		dir, err := s.app.stateDir()
		if err != nil {
			return nil, err
		}
		return folder.Open(filepath.Join(dir, "stream"), memberTTL)
	}
	var err error
	if w.db, err = postgres.Open(ctx, s.settings.Postgres.URL.Reveal()); err != nil {
		return nil, err
	}
	w.closers = append(w.closers, w.db.Close)
	return pgcheckpoint.New(w.db, memberTTL), w.db.Migrate(ctx)
}

func (s *session) wireEnricher(w *streamWiring) error {
	registry, err := s.app.registry(&eventsOptions{})
	if err != nil {
		return err
	}
	enricher, err := s.enricher()
	if err != nil {
		return err
	}
	w.closers = append(w.closers, func() { _ = enricher.Close() }) // the file was only read
	w.options.Enrich = &enrich.Options{
		Parse: registry.Parse, Remember: rememberEvents / s.settings.Broker.Partitions,
		Extra: func(ev *event.BaseEvent) (country, source string, bot bool) {
			x := enricher.Enrich(ev)
			return x.Country, x.Source, x.Bot
		},
		Refused: func(raw []byte, why *event.Rejection) {
			s.app.Log.Warn("a line of the raw topic is no event, and is left out", "why", why, "line", preview(raw))
		},
	}
	return nil
}

// listVar is a var of the project that is a list of texts.
func (s *session) listVar(name string) ([]event.Type, error) {
	value, ok := s.anyVar(name)
	list, isList := value.([]any)
	if !ok || !isList {
		return nil, fmt.Errorf("var %s is %v: give a list of event types", name, value)
	}
	types := make([]event.Type, len(list))
	for i, one := range list {
		types[i] = event.Type(fmt.Sprint(one))
	}
	return types, nil
}

// durationVar is a var of the project that is a whole number of units.
func (s *session) durationVar(name string, unit time.Duration) (time.Duration, error) {
	text := s.stringVar(name, "")
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return 0, fmt.Errorf("var %s is %q: give a whole number from 1", name, text)
	}
	return time.Duration(n) * unit, nil
}
