package clickhouse

import (
	"context"
	"fmt"
	"sync"

	"github.com/tiendi/tiendi/internal/change"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// archiveSuffix ends the _batch of rows that were brought back out of the archive.
const archiveSuffix = "/archive"

// StagePrefix begins the names of the tables that a refill fills first.
const StagePrefix = "_tiendi_archive_"

// RefillRows is how many rows a refill holds aside before they should be committed: what
// is compared with a raw table at once is held in the server's memory.
const RefillRows = 2_000_000

// Refill brings changes back into raw tables out of files of the log. They go into tables
// aside (Take) and from there, as far as they are missing, into the raw ones (Commit), so
// that doing it again, whole or in part, changes nothing. A row is there already when it
// was brought back from the same place of the same file, or when the stream wrote its
// key and version. Take is safe for concurrent use.
type Refill struct {
	s      *Changes
	name   string // of its tables aside
	wanted func(table string) bool

	mu          sync.Mutex
	stages      map[string]*refillStage // by name
	truncations []truncation
	rows, aside int
	refused     error // the first reason
}

// Refill begins one of the raw tables that are wanted, by their names. One at a time may be
// at work: what others have left is removed, and the name tells its own tables from theirs,
// so that one that was only paused finds them gone.
func (s *Changes) Refill(ctx context.Context, name string, wanted func(table string) bool) (*Refill, error) {
	r := &Refill{s: s, name: name, wanted: wanted, stages: map[string]*refillStage{}}
	var left []string
	sql := fmt.Sprintf("SELECT name FROM system.tables WHERE database = %s AND startsWith(name, %s)", warehouse.Literal(s.o.Database), warehouse.Literal(StagePrefix))
	err := each(ctx, s.o.Warehouse, sql, func(rows *warehouse.Rows) error {
		var name string
		err := rows.Scan(&name)
		left = append(left, name)
		return err
	})
	for _, name := range left {
		if err == nil {
			err = r.drop(ctx, name)
		}
	}
	return r, err
}

// Take reads changes of a file, the first of which has that number in it. The token says
// which messages of the log the file has, as that of an insert does.
func (r *Refill) Take(ctx context.Context, token string, first int, of []change.Change) error {
	w, err := r.s.survey(ctx, changesPrefix+token+archiveSuffix, r.choose(first, of))
	if err == nil {
		err = w.fill(r.choose(first, of), nil)
	}
	if err != nil {
		r.s.forget()
		return err
	}
	for _, b := range w.blocks() {
		if b.columns.Rows() > 0 && err == nil {
			err = r.put(ctx, w, b)
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.truncations = append(r.truncations, w.truncations...)
	r.aside += w.rejects.columns.Rows()
	if r.refused == nil {
		r.refused = w.refused()
	}
	return err
}

// choose gives the changes of tables that are wanted.
func (r *Refill) choose(first int, of []change.Change) changes {
	return func(visit func(position uint64, c *change.Change) error) error {
		for i := range of {
			if !r.wanted(rawName(of[i].Relation)) {
				continue
			}
			if err := visit(uint64(first+i), &of[i]); err != nil {
				return err
			}
		}
		return nil
	}
}
