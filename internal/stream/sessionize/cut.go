package sessionize

// front is what is worked out of a visitor's events that are held no more: the
// island that they left open.
type front struct {
	floor       position // events up to here are too late, whatever the watermark
	start, last int64    // of the island: its first event, and the last before floor
	base        *summary // of the session that goes on behind floor, nil where a new one begins
}

// piece is a session: the events [from, to) of a visitor, behind base where it
// resumes.
type piece struct {
	from, to int
	resumes  bool
	island   int64 // when its island began
	until    int64 // the watermark that it is open up to
}

// cutter walks over a visitor's events in order.
type cutter struct {
	rules        *rules
	pieces       []piece
	begin        int   // the first piece of the island
	island, last int64 // the island's first event, and the last seen
	cut          int64 // where the island is cut next
}

// cut gives the sessions of a visitor's events, in order.
func (s *Sessionizer) cut(f *front, events []held) []piece {
	c := cutter{rules: s.rules, pieces: s.pieces[:0], cut: -never, last: -never}
	if f != nil {
		c.island, c.last = f.start, f.last
		c.cut = s.rules.cutAfter(f.start, f.last)
		if f.base != nil {
			c.pieces = append(c.pieces, piece{resumes: true, island: f.start, until: c.cut - 1})
		}
	}
	for i := range events {
		c.next(i, events[i].at)
	}
	c.endIsland()
	s.pieces = c.pieces
	return c.pieces
}

func (c *cutter) next(i int, at int64) {
	if c.last == -never || at-c.last > c.rules.timeout {
		c.endIsland()
		c.begin, c.island = len(c.pieces), at
		c.cut = at
	}
	if at >= c.cut {
		c.cut = c.rules.cutAfter(c.island, at)
		c.pieces = append(c.pieces, piece{from: i, island: c.island, until: c.cut - 1})
	}
	c.pieces[len(c.pieces)-1].to = i + 1
	c.last = at
}

// endIsland closes the sessions of an island at the latest when the island is.
func (c *cutter) endIsland() {
	for i := c.begin; i < len(c.pieces); i++ {
		c.pieces[i].until = min(c.pieces[i].until, c.last+c.rules.timeout)
	}
}

// cutAfter is the first cut of an island behind a moment of it.
func (r *rules) cutAfter(island, at int64) int64 {
	return island + ((at-island)/r.longest+1)*r.longest
}

// endOf is when the last event of a piece happened.
func endOf(p *piece, f *front, events []held) int64 {
	if p.from == p.to {
		return f.last
	}
	return events[p.to-1].at
}

// startOf is when the session of a piece began.
func startOf(p *piece, f *front, events []held) int64 {
	if p.resumes {
		return f.base.startedAt
	}
	return events[p.from].at
}

// due is the watermark that a visitor has to be looked at once it is passed.
func (s *Sessionizer) due(f *front, events []held, pieces []piece) int64 {
	if f != nil && f.base == nil && (len(events) == 0 || events[0].at-f.last > s.rules.timeout) {
		return f.last + s.rules.timeout
	}
	return pieces[0].until
}
