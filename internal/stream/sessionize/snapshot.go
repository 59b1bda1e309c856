package sessionize

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/tiendi/tiendi/internal/stream/record"
)

// A snapshot is blocks, see blocks.go: one of what there is once, then as many as
// it takes of visitors in order of their ids, then of names in order of their first
// use. So one state has one snapshot, whatever way it came about.

// snapshotVersion is in a snapshot's first block; a reader refuses any other.
const snapshotVersion = 3

// Errors of snapshots.
var (
	// ErrUnflushed: sessions have closed since the last flush.
	ErrUnflushed = errors.New("sessions have closed that were not published: flush before the snapshot")
	// ErrSnapshot: the bytes are no whole snapshot of this release.
	ErrSnapshot = errors.New("no snapshot of sessions that this release can read")
	// ErrOptions: the snapshot was made with other options.
	ErrOptions = errors.New("the snapshot was made with other settings of sessions")
)

// Snapshot writes the state as it is after the last batch, with the open sessions
// that are to be published. Those that are Closed or Gone it does not hold: after
// Fold it is an error to call it before a Flush that succeeded.
func (s *Sessionizer) Snapshot(w io.Writer) error {
	if len(s.settled) > 0 {
		return ErrUnflushed
	}
	out := &blockWriter{w: w}
	out.b = s.appendHead(out.b)
	out.end()
	all := make([]slot, 0, s.visitors.count())
	for i := range s.visitors.all() {
		all = append(all, i)
	}
	s.sortByID(all)
	numbers := renumbering{of: make([]name, len(s.names.all)), order: make([]name, 1, len(s.names.all))}
	for i := range s.ahead(all) {
		out.b = s.appendVisitor(out.b, i, &numbers)
		out.endIfLarge()
	}
	out.end()
	for _, i := range numbers.order[1:] {
		out.b = appendText(out.b, s.names.text(i))
		out.endIfLarge()
	}
	out.end()
	if out.err != nil {
		return fmt.Errorf("writing the sessions' snapshot: %w", out.err)
	}
	return nil
}

func (s *Sessionizer) appendHead(b []byte) []byte {
	b = append(b, snapshotVersion)
	b = appendText(b, s.options.String())
	b = binary.AppendVarint(b, s.now)
	b = binary.AppendUvarint(b, s.tooLate)
	b = binary.AppendUvarint(b, uint64(s.visitors.count()))
	b = binary.AppendUvarint(b, uint64(len(s.names.of)))
	if !s.clock.Latest.IsZero() {
		b = binary.AppendVarint(b, s.clock.Latest.UnixMilli())
		b = binary.AppendVarint(b, s.clock.At.UnixMilli())
		b = binary.AppendVarint(b, int64(s.clock.Passed))
	}
	return b
}

// renumbering gives names numbers in order of their first use.
type renumbering struct {
	of    []name // the number of each name, 0 for none yet
	order []name // the name of each number
}

func (r *renumbering) number(i *name) {
	if *i == 0 {
		return
	}
	if r.of[*i] == 0 {
		r.of[*i] = name(len(r.order))
		r.order = append(r.order, *i)
	}
	*i = r.of[*i]
}

func (s *Sessionizer) appendVisitor(b []byte, i slot, numbers *renumbering) []byte {
	events := s.open(i)
	for n := range events {
		numbers.number(&events[n].page)
		numbers.number(&events[n].origin)
		numbers.number(&events[n].store)
	}
	id := s.visitors.at(i).id
	b = append(b, id[:]...)
	s.text = pack(s.text[:0], events)
	b = appendText(b, s.text)
	b = binary.AppendUvarint(b, uint64(s.visitors.at(i).shown))
	b = s.appendChange(b, i)
	return appendFront(b, s.fronts[i])
}

// appendChange writes what is to be published: its revision, 0 for nothing.
func (s *Sessionizer) appendChange(b []byte, i slot) []byte {
	v := s.visitors.at(i)
	if v.change == unchanged {
		return append(b, 0)
	}
	b = binary.AppendUvarint(b, uint64(v.revision.get())+1)
	return binary.AppendVarint(b, v.from.get())
}

func appendFront(b []byte, f *front) []byte {
	if f == nil {
		return append(b, 0)
	}
	if f.base == nil {
		b = append(b, 1)
	} else {
		b = append(b, 2)
	}
	b = binary.AppendVarint(b, f.floor.at)
	b = append(b, f.floor.id[:]...)
	b = binary.AppendVarint(b, f.start)
	b = binary.AppendVarint(b, f.last)
	if m := f.base; m != nil {
		b = appendText(b, record.AppendPublication(nil, &record.Publication{Sessions: []record.Session{m.Session}}))
		for _, n := range [...]int64{m.startedAt, m.at, int64(m.steps), int64(m.views), m.cart, m.checkout, m.purchase} {
			b = binary.AppendVarint(b, n)
		}
		b = binary.AppendUvarint(b, uint64(len(m.seen)))
		for _, id := range m.seen {
			b = append(b, id[:]...)
		}
	}
	return b
}

func appendText[T []byte | string](b []byte, s T) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}
