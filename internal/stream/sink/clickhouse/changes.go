package clickhouse

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/tiendi/tiendi/internal/stream/sink"
)

// changesPrefix makes _batch of a token.
const changesPrefix = "cdc/"

// ErrNoModel: the project has no model of a name.
var ErrNoModel = errors.New("the project has no such model")

// Models makes the tables of the project's raw models.
type Models interface {
	// Ensure makes those that are not there. It is ErrNoModel where the project has none
	// of that name.
	Ensure(ctx context.Context, names ...string) error
}

// ChangeOptions say where changes go.
type ChangeOptions struct {
	Options
	Models     Models
	Cluster    string // where columns are added, "" for one server
	Partitions int    // of the topic; 0 where they are not known
}

// Changes writes database changes into the raw tables: those of orders into orders_raw,
// and so on. It is safe for concurrent use.
//
// A row's version orders its changes, so that the last one is known whatever the order
// in which partitions are written, and however often.
type Changes struct {
	o      ChangeOptions
	places chan struct{}
	// rejectsReplicate says that change_rejects is on several servers.
	rejectsReplicate bool

	mu     sync.Mutex
	tables map[string]*rawTable // by name
	warned map[string]time.Time // when of a table was last said that it is refused
}

var _ sink.Changes = (*Changes)(nil)

// OpenChanges sees to it that what is set aside has a table, and writes those changes
// that were set aside before and can be written now.
func OpenChanges(ctx context.Context, o ChangeOptions) (*Changes, error) {
	s := &Changes{o: o, places: make(chan struct{}, insertsAtOnce), tables: map[string]*rawTable{}, warned: map[string]time.Time{}}
	if err := o.Models.Ensure(ctx, RejectsTable); err != nil {
		return nil, err
	}
	rejects, err := rememberTokens(ctx, o.Options, RejectsTable)
	if err != nil {
		return nil, err
	}
	s.rejectsReplicate = rejects.replicates()
	return s, s.tryAgain(ctx)
}

// Insert writes the changes of messages: a block for each table, with the number of each
// change among them as its _position. Then it performs truncates, see truncate. Called
// again with the same token and messages it adds what is missing; see Events.Insert for
// the limits of that, which matter less here: what is written twice changes no table's
// last versions.
//
// A column that a raw table lacks is added to it. A change that a table cannot hold as it
// is, and all changes of a table that has no raw model, go to change_rejects.
func (s *Changes) Insert(ctx context.Context, token string, batches [][]byte) (sink.Taken, error) {
	select {
	case s.places <- struct{}{}:
	case <-ctx.Done():
		return sink.Taken{}, ctx.Err()
	}
	defer func() { <-s.places }()
	all := messages(batches)
	w, err := s.survey(ctx, changesPrefix+token, all)
	if err == nil {
		err = w.insert(ctx, token, all)
	}
	if err != nil {
		s.forget() // a table may be another one than was thought
		return sink.Taken{}, err
	}
	s.warn(ctx, w)
	return sink.Taken{Aside: w.rejects.columns.Rows(), Refused: w.refused(), Through: w.through}, nil
}

func (s *Changes) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.tables)
}

// warnAgain is how often the log says of a table that it is refused.
const warnAgain = 10 * time.Minute

// warn says what is set aside.
func (s *Changes) warn(ctx context.Context, w *writing) {
	if n := w.misfits; n > 0 {
		s.o.Logger.WarnContext(ctx, "changes do not fit their table, and are set aside", "changes", n, "first", w.firstMisfit, "in", RejectsTable)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, shape := range w.shapes {
		table := shape.relation.Name
		if now := s.o.Now(); shape.refused != nil && now.Sub(s.warned[table]) > warnAgain {
			s.warned[table] = now
			s.o.Logger.ErrorContext(ctx, "the changes of a table are set aside", "table", table, "in", RejectsTable, "why", shape.refused)
		}
	}
}

// insert writes the blocks, and then truncates.
func (w *writing) insert(ctx context.Context, token string, all changes) error {
	if err := w.fill(all, nil); err != nil {
		return err
	}
	o := &w.s.o.Options
	doubled, err := o.once(ctx, token, func() error {
		for _, b := range w.blocks() {
			if err := b.insert(ctx, o.Warehouse, o.Database, onceSettings(token)); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil && doubled {
		err = w.addMissing(ctx, all)
	}
	if err != nil {
		return err
	}
	return w.s.truncate(ctx, w.truncations)
}

// blocks are those of all tables, in one order, and last the rejects.
func (w *writing) blocks() (all []*block) {
	for _, name := range slices.Sorted(maps.Keys(w.rows)) {
		all = append(all, &w.rows[name].block)
	}
	return append(all, &w.rejects.block)
}

// addMissing brings in what the server took for doubled but has not.
func (w *writing) addMissing(ctx context.Context, all changes) error {
	o := &w.s.o.Options
	there := map[string]map[uint64]bool{}
	for _, b := range w.blocks() {
		var err error
		if b.columns.Rows() == 0 || b.replicates {
			continue
		}
		if there[b.table], err = o.there(ctx, b.table, w.batch, "1"); err != nil {
			return err
		}
	}
	again := w.again()
	if err := again.fill(all, there); err != nil {
		return err
	}
	for _, b := range again.blocks() {
		if b.replicates {
			continue
		}
		if err := o.addMissing(ctx, b, w.batch); err != nil {
			return err
		}
	}
	return nil
}
