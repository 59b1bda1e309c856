package sessionize

import "time"

// showEvery is how long the change of an open session may wait that was published
// before: most sessions would be written after each of their events otherwise. One
// that begins, visits a store for the first time, buys or ends is published at once. A session
// counts as live for half an hour, so this is soon enough.
const showEvery = int64(5 * time.Minute / time.Millisecond)

// note takes down that the sessions of a visitor have changed that end at a moment
// or later; now says that people wait for it.
func (s *Sessionizer) note(i slot, from int64, revision uint64, now bool) {
	c, again := s.changed[i]
	if !again || from < c.from {
		c.from = from
	}
	c.revision = revision
	ripe := s.visitors.at(i).shown + showEvery
	switch {
	case c.ready:
	case now || ripe <= s.now:
		c.ready = true
		s.ready = append(s.ready, i)
	case !again:
		s.later.push(wakeUp{ripe, i})
	}
	s.changed[i] = c
}

// ripen makes ready what has waited long enough, or everything.
func (s *Sessionizer) ripen(all bool) {
	if all {
		s.later = s.later[:0]
		for i, c := range s.changed {
			s.makeReady(i, c)
		}
		return
	}
	for len(s.later) > 0 && s.later[0].at <= s.now {
		w := s.later.pop()
		// It may have been published meanwhile, and the slot be another visitor's.
		if c, waits := s.changed[w.slot]; waits && s.visitors.at(w.slot).shown+showEvery <= s.now {
			s.makeReady(w.slot, c)
		}
	}
}

func (s *Sessionizer) makeReady(i slot, c change) {
	if !c.ready {
		c.ready = true
		s.changed[i] = c
		s.ready = append(s.ready, i)
	}
}

// shown takes note of what was published.
func (s *Sessionizer) shown(ready []slot) {
	for _, i := range ready {
		s.visitors.at(i).shown = s.now
		delete(s.changed, i)
	}
	s.ready = s.ready[:0]
}
