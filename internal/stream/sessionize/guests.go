package sessionize

import (
	"iter"
	"slices"
)

// guest is a visitor of a batch.
type guest struct {
	arrived []arrival // its events, sorted
	home    int       // where the index looks for it first
	slot    slot
	known   bool // it has a slot
}

// look finds the visitors of the sorted events. What is known of each lies somewhere else
// in memory, and reading it takes longer than all else of an event: so first all places of
// the index are read, then all visitors, then their events, and reads that do not depend on
// each other wait together.
func (s *Sessionizer) look() {
	s.guests = s.guests[:0]
	index := &s.visitors.index
	for from := 0; from < len(s.arrived); {
		to := from + 1
		for to < len(s.arrived) && s.arrived[to].high == s.arrived[from].high && s.arrived[to].low == s.arrived[from].low {
			to++
		}
		g := guest{arrived: s.arrived[from:to], home: index.home(&s.arrived[from].event.SessionID)}
		s.touched ^= uint64(index.places[g.home])
		s.guests = append(s.guests, g)
		from = to
	}
	known := s.looked[:0]
	for i := range s.guests {
		g := &s.guests[i]
		if g.slot, g.known = index.findFrom(g.home, &s.visitors, g.arrived[0].event.SessionID); g.known {
			known = append(known, g.slot)
		}
	}
	s.touch(known)
	s.looked = known
}

// together is how many visitors are read at once, where there may be any number.
const together = 64

// ahead gives slots, whose visitors it has read.
func (s *Sessionizer) ahead(all []slot) iter.Seq[slot] {
	return func(yield func(slot) bool) {
		for some := range slices.Chunk(all, together) {
			s.touch(some)
			for _, i := range some {
				if !yield(i) {
					return
				}
			}
		}
	}
}

// touch reads visitors and their events, before they are gone through one by one.
func (s *Sessionizer) touch(some []slot) {
	for _, i := range some {
		s.touched ^= uint64(s.visitors.at(i).size)
	}
	for _, i := range some {
		if events := s.visitors.events(i); len(events) > 0 {
			s.touched ^= uint64(events[0])
		}
	}
}
