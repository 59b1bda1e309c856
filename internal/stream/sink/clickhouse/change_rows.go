package clickhouse

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/tiendi/tiendi/internal/change"
	"github.com/tiendi/tiendi/internal/stream/sink/pgtext"
	"github.com/tiendi/tiendi/internal/warehouse/native"
)

// writing is one insert of changes.
type writing struct {
	s       *Changes
	batch   string
	shapes  []*shape               // the relations of the changes
	rows    map[string]*changeRows // by raw table
	rejects *rejectRows
	through time.Time // the last commit

	truncations []truncation   // of all tables, in the order of the log
	parked      []parkedChange // truncates that were set aside
	misfits     int
	firstMisfit string
}

// changes hands out changes, each with its number among those of an insert.
type changes func(visit func(position uint64, c *change.Change) error) error

// shape is how the rows of a relation go into their table.
type shape struct {
	relation *change.Relation
	rows     *changeRows
	refused  error // why none of them does
	// columns has for each value of a row its place among those of the table's.
	columns []int
	absent  []int // the table's columns that the relation lacks
}

// survey looks at the relations of all changes, and gets the tables ready.
func (s *Changes) survey(ctx context.Context, batch string, all changes) (*writing, error) {
	w := &writing{s: s, batch: batch, rows: map[string]*changeRows{}, rejects: newRejectRows(batch, s.rejectsReplicate)}
	err := all(func(position uint64, c *change.Change) error {
		sh := w.shape(c.Relation)
		if sh == nil {
			var err error
			if sh, err = w.prepare(ctx, c.Relation); err != nil {
				return err
			}
		}
		if c.Committed.After(w.through) {
			w.through = c.Committed
		}
		if c.Op == change.Truncate && sh.refused == nil {
			w.truncations = append(w.truncations, sh.truncation(c, batch, position))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, sh := range w.shapes {
		sh.settle()
	}
	return w, nil
}

// messages gives the changes of messages.
func messages(batches [][]byte) changes {
	return func(visit func(position uint64, c *change.Change) error) error {
		position := uint64(0)
		for _, body := range batches {
			b, err := change.Decode(body)
			if err != nil {
				return err
			}
			for i := range b.Changes {
				if err := visit(position, &b.Changes[i]); err != nil {
					return err
				}
				position++
			}
		}
		return nil
	}
}

// shape is that of a relation, nil where it is a new one. A message has its own copy of
// each relation.
func (w *writing) shape(r *change.Relation) *shape {
	for _, sh := range w.shapes {
		if sh.relation == r {
			return sh
		}
	}
	for _, sh := range w.shapes {
		if sh.relation.Name == r.Name && sh.relation.Schema == r.Schema && slices.Equal(sh.relation.Columns, r.Columns) {
			sh.relation = r
			return sh
		}
	}
	return nil
}

// prepare makes the shape of a relation.
func (w *writing) prepare(ctx context.Context, r *change.Relation) (*shape, error) {
	t, err := w.s.table(ctx, r)
	if err != nil {
		return nil, err
	}
	sh := &shape{relation: r, refused: t.refuse(r)}
	w.shapes = append(w.shapes, sh)
	if sh.refused != nil {
		return sh, nil
	}
	if t, err = w.s.addColumns(ctx, t, r); err != nil {
		return nil, err
	}
	if w.rows[t.name] == nil {
		w.rows[t.name] = newChangeRows(t)
	}
	sh.rows = w.rows[t.name]
	for _, c := range r.Columns {
		column := t.column(c.Name)
		if column == nil {
			return nil, fmt.Errorf("%s does not have the column %s yet, which was added to it", t.name, c.Name)
		}
		at, err := sh.rows.place(column)
		if err != nil {
			return nil, err
		}
		sh.columns = append(sh.columns, at)
	}
	return sh, nil
}

// settle is called when all columns of the block are known: other relations of the same
// table may have more.
func (sh *shape) settle() {
	if sh.rows == nil {
		return
	}
	sh.absent = sh.absent[:0]
	for at := range sh.rows.values {
		if !slices.Contains(sh.columns, at) {
			sh.absent = append(sh.absent, at)
		}
	}
}

// fill takes the changes into the blocks, but for those that are in their table already.
func (w *writing) fill(all changes, there map[string]map[uint64]bool) error {
	return all(func(position uint64, c *change.Change) error {
		sh := w.shape(c.Relation)
		var why misfit
		switch {
		case sh.refused != nil:
			why = misfit{err: sh.refused}
		case c.Op == change.Truncate:
			return nil
		case there[sh.rows.table][position]:
			return nil
		default:
			why = sh.add(c, w.batch, position)
		}
		if why.err == nil || there[RejectsTable][position] {
			return nil
		}
		if sh.refused == nil {
			if w.misfits++; w.misfits == 1 {
				w.firstMisfit = rawName(c.Relation) + "." + why.column + ": " + why.err.Error()
			}
		}
		w.rejects.add(c, why, position)
		return nil
	})
}

// again is the same insert with nothing in it.
func (w *writing) again() *writing {
	n := &writing{s: w.s, batch: w.batch, rows: map[string]*changeRows{}, rejects: newRejectRows(w.batch, w.s.rejectsReplicate)}
	for name, rows := range w.rows {
		rows.columns.Reset()
		n.rows[name] = rows
	}
	n.shapes = w.shapes
	return n
}

// refused is why changes of a table are set aside, of the first such table.
func (w *writing) refused() error {
	var all []error
	for _, sh := range w.shapes {
		if sh.refused != nil {
			all = append(all, sh.refused)
		}
	}
	return errors.Join(all...)
}

// changeRows are rows for a raw table. Its ingested_at is the server's clock when they
// come, which the incremental models go by.
type changeRows struct {
	block
	version  *native.Sized
	deleted  native.UInt8s
	batch    native.Categories
	position native.UInt64s
	values   []*pgtext.Column // those of the source
	ends     []native.Place   // before the row that is being added
}

// ownPlaces is how many columns come before those of the source.
const ownPlaces = 4

func newChangeRows(t *rawTable) *changeRows {
	r := &changeRows{block: block{table: t.name, replicates: t.replicates}, version: native.NewSized("UInt128", 16)}
	r.columns = native.Block{
		{Name: "_version", Values: r.version}, {Name: "_deleted", Values: &r.deleted},
		{Name: "_batch", Values: &r.batch}, {Name: "_position", Values: &r.position},
	}
	return r
}

// place is where the values of a column go.
func (r *changeRows) place(c *rawColumn) (int, error) {
	for at, held := range r.columns[ownPlaces:] {
		if held.Name == c.name {
			return at, nil
		}
	}
	column, err := pgtext.NewColumn(c.typ)
	if err != nil {
		return 0, err
	}
	r.values = append(r.values, column)
	r.ends = append(r.ends, native.Place{})
	r.columns = append(r.columns, native.Column{Name: c.name, Values: column.Growing})
	return len(r.values) - 1, nil
}

// misfit is a value that its column cannot hold.
type misfit struct {
	column string
	err    error
}

// add takes a row, or says why it does not fit and takes nothing.
func (sh *shape) add(c *change.Change, batch string, position uint64) misfit {
	r := sh.rows
	for i, v := range r.values {
		r.ends[i] = v.End()
	}
	for i, at := range sh.columns {
		if err := r.values[at].Append(c.Row[i]); err != nil {
			for i, v := range r.values {
				v.Cut(r.ends[i])
			}
			return misfit{c.Relation.Columns[i].Name, err}
		}
	}
	for _, at := range sh.absent {
		r.values[at].Blank()
	}
	r.version.AppendWords([4]uint64{c.Version.Sequence, c.Version.LSN})
	r.deleted.AppendFlag(c.Op == change.Delete)
	r.batch.Append(batch)
	r.position.Append(position)
	return misfit{}
}
