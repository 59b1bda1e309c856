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
	if v.change == unchanged || from < v.from.get() {
		v.from.set(from)
	}
	v.revision.set(int64(revision))
	switch ripe := v.ripe(); {
	case v.change == ready:
	case now || ripe <= s.now:
		s.makeReady(i)
	default:
		v.change = changed
		s.ripest = min(s.ripest, ripe)
	}
}

// lookEvery is how long after a look at those that wait there is no other.
const lookEvery = int64(10 * time.Second / time.Millisecond)

// ripen makes ready what has waited long enough, or everything. To look through all
// visitors costs less than to keep those in order that wait.
func (s *Sessionizer) ripen(all bool) {
	if !all && s.now < s.ripest {
		return
	}
	s.ripest = never
	for i := range s.visitors.all() {
		v := s.visitors.at(i)
		if v.change != changed {
			continue
		}
		if ripe := v.ripe(); all || ripe <= s.now {
			s.makeReady(i)
		} else {
			s.ripest = min(s.ripest, ripe)
		}
	}
	s.ripest = max(s.ripest, s.now+lookEvery)
}

// ripe is when a change may be published.
func (v *visitor) ripe() int64 { return int64(v.shown)*1000 + showEvery }

func (s *Sessionizer) makeReady(i slot) {
	s.visitors.at(i).change = ready
	s.ready = append(s.ready, i)
}

// shown takes note of what was published.
func (s *Sessionizer) shown(published []slot) {
	for _, i := range published {
		v := s.visitors.at(i)
		v.shown, v.change = uint32(s.now/1000), unchanged
	}
	s.ready = s.ready[:0]
}
