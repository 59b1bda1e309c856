package sessionize

import "time"

// showEvery is how long the change of an open session may wait that was published
// before: most sessions would be written after each of their events otherwise. One
// that begins, buys or ends is published at once; how many are open in each store is told
// in numbers, see live.
const showEvery = int64(5 * time.Minute / time.Millisecond)

// note takes down that the sessions of a visitor have changed that end at a moment
// or later; now says that people wait for it.
func (s *Sessionizer) note(i slot, from int64, revision uint64, now bool) {
	v := s.visitors.at(i)
	if v.change == unchanged || from < v.from {
		v.from = from
	}
	v.revision = revision
	ripe := v.shown + showEvery
	switch {
	case v.change == ready:
	case now || ripe <= s.now:
		s.makeReady(i)
	case v.change == unchanged:
		v.change = changed
		s.later.push(wakeUp{ripe, i})
	}
}

// ripen makes ready what has waited long enough, or everything.
func (s *Sessionizer) ripen(all bool) {
	if all {
		s.later = s.later[:0]
		for i := range s.visitors.all() {
			if s.visitors.at(i).change == changed {
				s.makeReady(i)
			}
		}
		return
	}
	for len(s.later) > 0 && s.later[0].at <= s.now {
		w := s.later.pop()
		// It may have been published meanwhile, and the slot be another visitor's.
		if v := s.visitors.at(w.slot); v.change == changed && v.shown+showEvery <= s.now {
			s.makeReady(w.slot)
		}
	}
}

func (s *Sessionizer) makeReady(i slot) {
	s.visitors.at(i).change = ready
	s.ready = append(s.ready, i)
}

// shown takes note of what was published.
func (s *Sessionizer) shown(published []slot) {
	for _, i := range published {
		v := s.visitors.at(i)
		v.shown, v.change = s.now, unchanged
	}
	s.ready = s.ready[:0]
}
