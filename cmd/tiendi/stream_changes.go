package main

import (
	"context"
	"fmt"
	"sync"

	"github.com/tiendi/tiendi/internal/console"
	"github.com/tiendi/tiendi/internal/stream/sink"
	"github.com/tiendi/tiendi/internal/stream/sink/clickhouse"
)

// changes opens the sink of database changes.
func (r *rawLayer) changes(ctx context.Context) (sink.Changes, error) { return r.changeSink(ctx) }

func (r *rawLayer) changeSink(ctx context.Context) (*clickhouse.Changes, error) {
	s := r.session
	database, err := r.ensure(ctx)
	if err != nil {
		return nil, err
	}
	return clickhouse.OpenChanges(ctx, clickhouse.ChangeOptions{
		Options: clickhouse.Options{Warehouse: s.client, Database: database, Now: s.app.Now, Logger: s.app.Log},
		Models:  changeModels{r}, Cluster: s.settings.Warehouse.Cluster, Partitions: s.settings.Broker.Partitions,
	})
}

// changeModels makes the tables of raw models for the sink of changes.
type changeModels struct{ raw *rawLayer }

// Ensure implements clickhouse.Models.
func (m changeModels) Ensure(ctx context.Context, names ...string) error {
	tables := &rawTables{session: m.raw.session}
	for _, name := range names {
		if _, err := tables.model(name); err != nil {
			return fmt.Errorf("%w: %s\n  tiendi init makes a project that has the shipped ones", clickhouse.ErrNoModel, name)
		}
	}
	_, err := m.raw.ensure(ctx, names...)
	return err
}

// lateChanges is a sink.Changes that is opened when it is first needed, and counts what
// it sets aside.
type lateChanges struct {
	later[sink.Changes]

	counting sync.Mutex
	aside    int
	refused  error // the first reason
}

// Insert implements sink.Changes.
func (l *lateChanges) Insert(ctx context.Context, token string, batches [][]byte) (sink.Taken, error) {
	changes, err := l.get(ctx)
	if err != nil {
		return sink.Taken{}, err
	}
	taken, err := changes.Insert(ctx, token, batches)
	l.counting.Lock()
	defer l.counting.Unlock()
	l.aside += taken.Aside
	if l.refused == nil {
		l.refused = taken.Refused
	}
	return taken, err
}

// verdict is an error where a run that has ended has set changes aside.
func (l *lateChanges) verdict() error {
	l.counting.Lock()
	defer l.counting.Unlock()
	if l.aside == 0 {
		return nil
	}
	err := fmt.Errorf("%s database changes are set aside in %s, which says why", console.Count(l.aside), clickhouse.RejectsTable)
	if l.refused != nil {
		err = fmt.Errorf("%w\n%w", err, l.refused)
	}
	return &failedError{err: err}
}
