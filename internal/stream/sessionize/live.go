package sessionize

import (
	"bytes"
	"slices"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// live counts the visitors with an open session, of each store that they were in while
// it has been open; the platform's is the store of zeros. It follows from the visitors,
// so no snapshot has it. What people see of sessions at once is these numbers: a list
// of the sessions themselves cost each of them two or three places in Redis.
type live struct {
	of      map[event.ID]liveCount
	changed []event.ID // since the last flush; a number may be what it was again
	was, is []event.ID // used again and again
}

type liveCount struct {
	visitors int
	changed  bool
}

func (l *live) add(store event.ID, by int) {
	c := l.of[store]
	if c.visitors += by; !c.changed {
		c.changed, l.changed = true, append(l.changed, store)
	}
	l.of[store] = c
}

// move counts a visitor in the stores of is in place of those of was.
func (l *live) move() {
	for _, store := range l.was {
		if !slices.Contains(l.is, store) {
			l.add(store, -1)
		}
	}
	for _, store := range l.is {
		if !slices.Contains(l.was, store) {
			l.add(store, 1)
		}
	}
}

// liveStores appends the stores that a visitor counts in.
func (s *Sessionizer) liveStores(dst []event.ID, f *front, events []held) []event.ID {
	resumes := f != nil && f.base != nil
	if !resumes && len(events) == 0 {
		return dst
	}
	dst = append(dst, event.ID{})
	if resumes {
		dst = append(dst, f.base.Stores...)
	}
	before := name(0)
	for i := range events {
		store := events[i].store
		if store == before || store == 0 {
			continue
		}
		if id := event.ID([]byte(s.names.text(store))); !slices.Contains(dst, id) {
			dst = append(dst, id)
		}
		before = store
	}
	return dst
}

// liveBefore takes note of the stores of a visitor that is about to change, and
// liveAfter of those that it counts in then.
func (s *Sessionizer) liveBefore(f *front, events []held) {
	s.live.was = s.liveStores(s.live.was[:0], f, events)
}

func (s *Sessionizer) liveAfter(f *front, events []held) {
	s.live.is = s.liveStores(s.live.is[:0], f, events)
	s.live.move()
}

// countLive counts all visitors anew. The next flush sends all numbers, also to whoever
// has lost them.
func (s *Sessionizer) countLive() {
	s.live.was = s.live.was[:0]
	for i := range s.visitors.all() {
		s.liveAfter(s.fronts[i], s.open(i))
	}
}

// liveSize is how many numbers are sent at once.
const liveSize = 10_000

// FlushLive sends how many sessions are open, of each store where that may have changed
// since the last FlushLive that did not fail, in slices of up to 10,000 in order of the
// stores. After an error, which is send's, the next one sends all of it again.
func (s *Sessionizer) FlushLive(send func([]record.Live) error) error {
	l := &s.live
	slices.SortFunc(l.changed, func(a, b event.ID) int { return bytes.Compare(a[:], b[:]) })
	var numbers []record.Live
	for part := range slices.Chunk(l.changed, liveSize) {
		numbers = numbers[:0]
		for _, store := range part {
			numbers = append(numbers, record.Live{StoreID: store, Sessions: uint64(l.of[store].visitors)})
		}
		if err := send(numbers); err != nil {
			return err
		}
	}
	for _, store := range l.changed {
		if c := l.of[store]; c.visitors > 0 {
			l.of[store] = liveCount{visitors: c.visitors}
		} else {
			delete(l.of, store)
		}
	}
	l.changed = l.changed[:0]
	return nil
}
