package clickhouse

import (
	"context"
	"fmt"

	"github.com/tiendi/tiendi/internal/change"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// againRows is how many changes are read back from change_rejects at once.
const againRows = 10_000

// tryAgain writes the changes that were set aside and can be written now: since their
// table has a raw model, or a wider column. Versions order them among those that came
// meanwhile, so that one that is written twice changes nothing: whatever stops this, the
// next one goes on.
func (s *Changes) tryAgain(ctx context.Context) error {
	var names []string
	sql := "SELECT DISTINCT table_name FROM " + qualified(s.o.Database, RejectsTable) + " FINAL WHERE NOT is_written"
	err := each(ctx, s.o.Warehouse, sql, func(r *warehouse.Rows) error {
		var name string
		err := r.Scan(&name)
		names = append(names, name)
		return err
	})
	for _, name := range names {
		if err == nil {
			err = s.tryTable(ctx, name)
		}
	}
	if err != nil {
		return fmt.Errorf("write the changes of %s that can be written now: %w", RejectsTable, err)
	}
	return nil
}

// tryTable does so for one raw table.
func (s *Changes) tryTable(ctx context.Context, name string) error {
	rejects := qualified(s.o.Database, RejectsTable)
	of := "NOT is_written AND table_name = " + warehouse.Literal(name)
	var sample string
	err := each(ctx, s.o.Warehouse, "SELECT any(message) FROM "+rejects+" FINAL WHERE "+of, func(r *warehouse.Rows) error { return r.Scan(&sample) })
	if err != nil || sample == "" {
		return err
	}
	if ready, err := s.ready(ctx, sample); err != nil || !ready {
		return err
	}
	w := &writing{s: s, rows: map[string]*changeRows{}, rejects: newRejectRows("", s.rejectsReplicate)}
	written, err := w.takeBack(ctx, "SELECT message, _batch, _position FROM "+rejects+" FINAL WHERE "+of)
	if written > 0 {
		s.o.Logger.InfoContext(ctx, "changes that were set aside are written now", "table", name, "changes", written)
	}
	return err
}

// ready says whether changes of the relation of a message can be written.
func (s *Changes) ready(ctx context.Context, message string) (bool, error) {
	b, err := change.Decode([]byte(message))
	if err != nil || len(b.Changes) == 0 {
		return false, err
	}
	t, err := s.table(ctx, b.Changes[0].Relation)
	return err == nil && t.refuse(b.Changes[0].Relation) == nil, err
}

// parked is a change that was set aside.
type parked struct {
	message, batch string
	position       uint64
}

// takeBack writes the changes of a query that fit, and performs its truncates last.
func (w *writing) takeBack(ctx context.Context, sql string) (written int, err error) {
	after := ""
	for {
		var page []parked
		err := each(ctx, w.s.o.Warehouse, fmt.Sprintf("%s%s ORDER BY _batch, _position LIMIT %d", sql, after, againRows), func(r *warehouse.Rows) error {
			var p parked
			err := r.Scan(&p.message, &p.batch, &p.position)
			page = append(page, p)
			return err
		})
		for i := 0; i < len(page) && err == nil; i++ {
			var n int
			n, err = w.takeOne(ctx, &page[i])
			written += n
		}
		if err == nil {
			err = w.flush(ctx)
		}
		if err != nil {
			return written, err
		}
		if len(page) < againRows {
			return written, w.truncateLast(ctx)
		}
		last := page[len(page)-1]
		after = fmt.Sprintf(" AND (_batch, _position) > (%s, %d)", warehouse.Literal(last.batch), last.position)
	}
}

// takeOne takes a change, if it fits.
func (w *writing) takeOne(ctx context.Context, p *parked) (taken int, err error) {
	b, err := change.Decode([]byte(p.message))
	if err != nil {
		return 0, err
	}
	for i := range b.Changes {
		c := &b.Changes[i]
		sh, err := w.known(ctx, c.Relation)
		switch {
		case err != nil:
			return taken, err
		case sh.refused != nil:
		case c.Op == change.Truncate:
			w.truncations = append(w.truncations, sh.truncation(c, p.batch, p.position))
			w.parked = append(w.parked, parkedChange{c, p})
			taken++
		case sh.add(c, p.batch, p.position).err == nil:
			w.rejects.written(c, p.batch, p.position)
			taken++
		}
	}
	return taken, nil
}

// known is the shape of a relation. Where it is a new one its columns may be others than
// those of the rows that are held, so these are written first.
func (w *writing) known(ctx context.Context, r *change.Relation) (*shape, error) {
	if sh := w.shape(r); sh != nil {
		return sh, nil
	}
	if err := w.flush(ctx); err != nil {
		return nil, err
	}
	added, err := w.prepare(ctx, r)
	for _, sh := range w.shapes {
		sh.settle()
	}
	return added, err
}

// parkedChange is a change that was set aside, and where.
type parkedChange struct {
	*change.Change
	*parked
}

// truncateLast performs the truncates when all rows are there.
func (w *writing) truncateLast(ctx context.Context) error {
	if err := w.s.truncate(ctx, w.truncations); err != nil {
		return err
	}
	for _, t := range w.parked {
		w.rejects.written(t.Change, t.batch, t.position)
	}
	return w.flush(ctx)
}

// flush writes the rows that are held, and then that they are written.
func (w *writing) flush(ctx context.Context) error {
	for _, b := range w.blocks() {
		if err := b.insert(ctx, w.s.o.Warehouse, w.s.o.Database, asTheyAre()); err != nil {
			return err
		}
		b.columns.Reset()
	}
	return nil
}

// asTheyAre are the settings of inserts whose rows are wanted whatever was inserted before.
func asTheyAre() map[string]any {
	return map[string]any{"insert_deduplicate": 0, "async_insert": 0, "max_partitions_per_insert_block": 0}
}
