package sessionize

import (
	"fmt"
	"math"
	"slices"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// maxHeld is how many events of one session_id are held. A person's day has some
// hundred.
const maxHeld = 1024

// take folds the events of one session_id in.
func (s *Sessionizer) take(g *guest, revision uint64) {
	id, slot := g.arrived[0].event.SessionID, g.slot
	var f *front
	events := s.held[:0]
	if g.known {
		f, events = s.fronts[slot], s.open(slot)
	}
	if s.admit(f, events, g.arrived); len(s.fresh) == 0 {
		return
	}
	s.liveBefore(f, events)
	if !g.known {
		slot = s.visitors.add(id)
	}
	first := s.fresh[0].position
	late := len(events) > 0 && first.compare(events[len(events)-1].position) < 0
	if late {
		s.noteStarts(f, events)
	}
	s.events += len(s.fresh)
	s.held = append(events, s.fresh...)
	if late {
		slices.SortFunc(s.held, func(a, b held) int { return a.compare(b.position) })
	}
	pieces := s.cut(f, s.held)
	if late {
		s.reportGone(id, f, pieces, revision)
	}
	begins := pieces[len(pieces)-1].from >= len(events) && pieces[len(pieces)-1].from < pieces[len(pieces)-1].to
	s.note(slot, first.at, revision, late || begins || s.telling)
	s.store(slot, f, s.held, pieces, revision)
}

// open gives the events of a visitor.
func (s *Sessionizer) open(i slot) []held {
	events, ok := unpack(s.held[:0], s.visitors.events(i))
	if !ok {
		panic(fmt.Sprintf("sessionize: the events held of session %v are damaged: this is a bug of tiendi", s.visitors.at(i).id))
	}
	s.held = events
	return events
}

// admit holds, in fresh, those of the arrived events that are not too late.
func (s *Sessionizer) admit(f *front, events []held, arrived []arrival) {
	s.fresh, s.telling = s.fresh[:0], false
	// Below the watermark an event must lie behind the start of an open island.
	opened := int64(math.MaxInt64)
	if f != nil {
		opened = math.MinInt64
	} else if len(events) > 0 {
		opened = events[0].at
	}
	var before held
	if len(events) > 0 {
		before = events[len(events)-1]
	}
	for i := range arrived {
		a := &arrived[i]
		at := position{a.at, shorten(a.event.EventID)}
		late := a.at < s.watermark && a.at < opened
		if late || f != nil && at.compare(f.floor) <= 0 || taken(events, at) || taken(s.fresh, at) {
			s.tooLate++
			continue
		}
		h := s.hold(a.event, &before)
		s.telling = s.telling || s.rules.kinds[h.kind].purchase
		s.fresh, before = append(s.fresh, h), h
	}
}

// taken says whether an event has a position among others, which are in order.
func taken(events []held, at position) bool {
	if n := len(events); n == 0 || events[n-1].compare(at) < 0 {
		return false
	}
	_, taken := slices.BinarySearchFunc(events, at, func(e held, at position) int { return e.compare(at) })
	return taken
}

// noteStarts keeps when the sessions of a visitor begin.
func (s *Sessionizer) noteStarts(f *front, events []held) {
	s.before = s.before[:0]
	for _, p := range s.cut(f, events) {
		s.before = append(s.before, startOf(&p, f, events))
	}
}

// reportGone settles those of the noted sessions that no longer begin where they
// did. Any flush after the batch before may have published them, one of a process
// before this one too.
func (s *Sessionizer) reportGone(id event.ID, f *front, pieces []piece, revision uint64) {
	next := 0
	for _, at := range s.before {
		for next < len(pieces) && startOf(&pieces[next], f, s.held) < at {
			next++
		}
		if next == len(pieces) || startOf(&pieces[next], f, s.held) != at {
			s.settled = append(s.settled, record.Session{SessionID: id, StartedAt: moment(at), EndedAt: moment(at), Revision: revision, Gone: true})
		}
	}
}

// store puts a visitor's events back, and makes sure that it is looked at in time.
func (s *Sessionizer) store(i slot, f *front, events []held, pieces []piece, revision uint64) {
	if len(events) > maxHeld {
		f, events = s.sumUp(i, f, events, pieces, revision)
		pieces = s.cut(f, events)
	}
	s.liveAfter(f, events)
	s.text = pack(s.text[:0], events)
	s.visitors.keep(i, s.text)
	if due := s.due(f, events, pieces); due < s.visitors.at(i).due.get() {
		s.wheel.push(&s.visitors, i, due)
	}
}
