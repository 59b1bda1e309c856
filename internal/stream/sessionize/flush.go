package sessionize

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"slices"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// flushSize is how many sessions are sent at once, and flushText after how many bytes
// of their texts and stores no more are added: it all goes into one message of the
// log, and pages may have addresses of any length.
const (
	flushSize = 500
	flushText = 1 << 20
)

// Flush sends sessions that changed since the last flush that did not fail, as they
// are now, in slices of up to 500, or of a MiB and one more: first those that are
// Closed or Gone, then the open ones, each in order of their keys. Without all, some
// open ones wait, see showEvery. A slice is used again once send returns. After an
// error, which is send's, the next flush sends all of it again.
func (s *Sessionizer) Flush(all bool, send func([]record.Session) error) error {
	o := outbox{send: send}
	s.ripen(all)
	for _, n := range s.settledInOrder() {
		o.add(s.settled[n])
	}
	ready := s.readyInOrder()
	for i := range s.ahead(ready) {
		s.sendChanged(&o, i)
	}
	if o.flush(); o.err != nil {
		return o.err
	}
	clear(s.settled)
	s.settled = s.settled[:0]
	s.shown(ready)
	return nil
}

// readyInOrder gives what is ready: each once, and none that has closed since.
func (s *Sessionizer) readyInOrder() []slot {
	s.ready = slices.DeleteFunc(s.ready, func(i slot) bool { return s.visitors.at(i).change != ready })
	slices.Sort(s.ready)
	s.ready = slices.Compact(s.ready)
	ready := slices.Clone(s.ready)
	s.sortByID(ready)
	return ready
}

// outbox sends sessions in slices; after the first error, no more.
type outbox struct {
	send     func([]record.Session) error
	sessions []record.Session
	text     int
	err      error
}

func (o *outbox) add(s record.Session) {
	o.sessions = append(o.sessions, s)
	o.text += len(s.EntryURL) + len(s.ExitURL) + len(s.OS) + len(s.Browser) + len(s.Source) + len(s.Stores)*len(event.ID{})
	if len(o.sessions) == flushSize || o.text >= flushText {
		o.flush()
	}
}

func (o *outbox) flush() {
	if o.err == nil && len(o.sessions) > 0 {
		o.err = o.send(o.sessions)
	}
	o.sessions, o.text = o.sessions[:0], 0
}

// settledInOrder sorts where they lie: sessions are too large to move about.
func (s *Sessionizer) settledInOrder() []int {
	order := make([]int, len(s.settled))
	for n := range order {
		order[n] = n
	}
	slices.SortFunc(order, func(n, m int) int {
		a, b := &s.settled[n], &s.settled[m]
		return cmp.Or(bytes.Compare(a.SessionID[:], b.SessionID[:]), a.StartedAt.Compare(b.StartedAt), cmp.Compare(a.Revision, b.Revision))
	})
	return order
}

// sendChanged sends the changed sessions of a visitor.
func (s *Sessionizer) sendChanged(o *outbox, i slot) {
	f, events, v := s.fronts[i], s.open(i), s.visitors.at(i)
	for _, p := range s.cut(f, events) {
		if endOf(&p, f, events) >= v.from.get() {
			m := s.summarise(v.id, &p, f, events)
			o.add(s.session(m, uint64(v.revision.get()), false))
		}
	}
}

// keyed is a slot with the beginning of its id, by which nearly all are told apart without
// looking at them.
type keyed struct {
	high uint64
	slot slot
}

func (s *Sessionizer) sortByID(all []slot) {
	order := make([]keyed, len(all))
	for n, i := range all {
		order[n] = keyed{binary.BigEndian.Uint64(s.visitors.at(i).id[:8]), i}
	}
	slices.SortFunc(order, func(a, b keyed) int {
		if a.high != b.high {
			return cmp.Compare(a.high, b.high)
		}
		x, y := s.visitors.at(a.slot), s.visitors.at(b.slot)
		return bytes.Compare(x.id[:], y.id[:])
	})
	for n := range order {
		all[n] = order[n].slot
	}
}
