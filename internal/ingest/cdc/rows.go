package cdc

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/tiendi/tiendi/internal/change"
)

// newPacker is one whose batches are waited for, all at once.
func (s *session) newPacker(ctx context.Context, awaited *awaited) *packer {
	p := newPacker(s.out)
	p.room = func(n int64) error { return s.out.room.Acquire(ctx, n) }
	p.opened = func(int) func() { awaited.add(1); return func() { awaited.add(-1) } }
	return p
}

// rows makes changes of a table's rows.
type rows struct {
	change change.Change
	names  []string
	keys   [][]byte // of the row at hand
	packer *packer
	count  int64
}

func (s *session) newRows(t *table, p *packer) *rows {
	r := &rows{packer: p, change: change.Change{Op: change.Read, Committed: s.Clock().UTC().Truncate(time.Microsecond)}}
	s.keeper.look(func(st *state) {
		m := st.Tables[t.String()]
		r.change.Version.LSN = uint64(m.Start)
		r.change.Relation = &change.Relation{Schema: t.Schema, Name: t.Name, Columns: m.Columns}
	})
	for _, c := range r.change.Relation.Columns {
		r.names = append(r.names, c.Name)
	}
	return r
}

// line takes one row.
func (r *rows) line(line []byte) (err error) {
	columns := r.change.Relation.Columns
	if r.change.Row, err = splitLine(line, r.change.Row[:0]); err != nil {
		return err
	}
	if len(r.change.Row) != len(columns) {
		return fmt.Errorf("%w: it has %d values, and the table %d columns", errCopy, len(r.change.Row), len(columns))
	}
	r.keys = keyOf(columns, r.change.Row, r.keys[:0])
	r.count++
	return r.packer.add(change.Partition(r.change.Relation.Name, r.keys, len(r.packer.encoders)), &r.change)
}

// keyOf appends the values of the key's columns.
func keyOf(columns []change.Column, row [][]byte, to [][]byte) [][]byte {
	for i, c := range columns {
		if c.Key {
			to = append(to, row[i])
		}
	}
	return to
}

// awaited counts batches that the log has not confirmed.
type awaited struct {
	mu   sync.Mutex
	n    int
	none chan struct{} // has one when the last is confirmed
}

func newAwaited() *awaited { return &awaited{none: make(chan struct{}, 1)} }

func (a *awaited) add(n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.n += n
	if a.n == 0 {
		select {
		case a.none <- struct{}{}:
		default:
		}
	}
}

// all sends what a packer still has, and waits for the log to confirm everything.
func (a *awaited) all(ctx context.Context, p *packer) error {
	a.add(1) // so that none comes after the last alone
	err := p.flushAll()
	a.add(-1)
	for err == nil {
		a.mu.Lock()
		left := a.n
		a.mu.Unlock()
		if left == 0 {
			return nil
		}
		select {
		case <-a.none:
		case <-ctx.Done():
			err = ctx.Err()
		}
	}
	return err
}
