package sessionize

import "slices"

// wake closes what the watermark has passed.
func (s *Sessionizer) wake(revision uint64) {
	for {
		i, due := s.wheel.pop(&s.visitors, s.watermark)
		if !due {
			return
		}
		s.expire(i, revision)
	}
}

// expire settles the sessions of a visitor that take no more events, and forgets
// their events.
func (s *Sessionizer) expire(i slot, revision uint64) {
	f, events := s.fronts[i], s.open(i)
	s.liveBefore(f, events)
	pieces := s.cut(f, events)
	closed := 0
	for closed < len(pieces) && pieces[closed].until < s.watermark {
		s.settle(i, &pieces[closed], f, events, revision)
		closed++
	}
	switch {
	case closed > 0:
		last := &pieces[closed-1]
		f = s.left(last, endOf(last, f, events), events[last.to:])
		s.drop(events[:last.to])
		events = events[last.to:]
	case s.due(f, events, pieces) < s.watermark:
		f = nil // its island has ended behind its last cut
	}
	s.setFront(i, f)
	if f == nil && len(events) == 0 {
		s.liveAfter(nil, nil)
		s.visitors.remove(i)
		return
	}
	s.store(i, f, events, s.cut(f, events), revision)
}

// left is the front behind a closed session: nil where its island is closed too.
func (s *Sessionizer) left(p *piece, end int64, rest []held) *front {
	goesOn := len(rest) > 0 && rest[0].at-end <= s.rules.timeout
	if !goesOn && end+s.rules.timeout < s.watermark {
		return nil
	}
	return &front{floor: position{at: s.rules.cutAfter(p.island, end)}, start: p.island, last: end}
}

// sumUp works the older events of a visitor out, so that no more than maxHeld are
// held however many come.
func (s *Sessionizer) sumUp(i slot, f *front, events []held, pieces []piece, revision uint64) (*front, []held) {
	older := len(events) - maxHeld/2
	n := 0
	for ; pieces[n].to < older; n++ {
		s.settle(i, &pieces[n], f, events, revision)
	}
	p := pieces[n]
	p.to = older
	m := *s.summarise(s.visitors.at(i).id, &p, f, events)
	m.seen = slices.Clone(m.seen[max(0, len(m.seen)-maxSeen):])
	last := events[older-1].position
	f = &front{floor: last, start: p.island, last: last.at, base: &m}
	s.setFront(i, f)
	s.drop(events[:older])
	return f, events[older:]
}

// settle has a session published as closed.
func (s *Sessionizer) settle(i slot, p *piece, f *front, events []held, revision uint64) {
	m := s.summarise(s.visitors.at(i).id, p, f, events)
	s.settled = append(s.settled, s.session(m, revision, true))
}

func (s *Sessionizer) setFront(i slot, f *front) {
	if f == nil {
		delete(s.fronts, i)
		return
	}
	s.fronts[i] = f
}
