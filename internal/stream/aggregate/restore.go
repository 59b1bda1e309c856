package aggregate

import (
	"io"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/record"
	"github.com/tiendi/tiendi/internal/stream/sketch"
)

// Restore puts a snapshot in place of what the Aggregator holds, which stays as it
// was after an error. It reads no byte behind the snapshot. Memory is bounded by what
// r gives. Errors are ErrSnapshot or r's.
func (a *Aggregator) Restore(r io.Reader) error {
	d := reader{from: r}
	s := d.state(&a.options)
	if err := d.end(); err != nil {
		return err
	}
	*a = Aggregator{options: a.options, state: s}
	return nil
}

func (r *reader) state(o *Options) state {
	s, location := newState(o), o.Location.String()
	r.item()
	if v := r.uint(); r.err == nil && (v == 0 || v > snapshotVersion) {
		r.fail("version %d, and this release reads up to %d", v, snapshotVersion)
	}
	if days := string(r.take(r.uint())); r.err == nil && days != location {
		r.fail("its days are of %q, and the project's time zone is %q: read the log from its beginning", days, location)
	}
	s.clock = r.clock()
	var counts [grains]uint64
	for g := range counts {
		s.late[g], counts[g] = r.uint(), r.uint()
	}
	for g, n := range counts {
		last := &period{end: -1 << 63}
		for ; n > 0 && r.err == nil; n-- {
			p := r.period(record.Grain(g), s.rooms[g])
			if p.start >= p.end || p.start < last.end {
				r.fail("windows are not in the order of time")
			}
			s.periods[g] = append(s.periods[g], p)
			last = p
		}
	}
	return s
}

func (r *reader) period(g record.Grain, of *room) *period {
	r.item()
	p := newPeriod(g, r.int(), r.int(), of)
	sources, cells := r.uint(), r.uint()
	for ; sources > 0 && r.err == nil; sources-- {
		r.item()
		p.source(string(r.take(r.uint())))
	}
	for n := uint64(0); n < cells && r.err == nil; n++ {
		r.item()
		c, visitors := r.cell(uint64(len(p.sources)))
		if r.err != nil {
			break
		}
		k := c.key()
		if at := p.cell(&k); uint64(at) != n {
			r.fail("a window is there twice, or the platform is not the first")
			break
		}
		*p.cells.at(uint32(n)) = c
		p.cells.keep(p.cells.at(uint32(n)), visitors)
		if c.unsent != 0 {
			p.toSend(uint32(n))
		}
	}
	return p
}

func (r *reader) cell(sources uint64) (c cell, visitors *sketch.Sketch) {
	for _, b := range r.take(1) {
		c.by, c.unsent = record.By(b&(1<<unsentShift-1)), sending(b>>unsentShift)
	}
	if c.unsent > theCounts|theVisitors {
		r.fail("a window of which %d is to be sent", c.unsent)
		return c, nil
	}
	r.id(&c.store)
	store := c.store
	switch c.by {
	case record.ByStore:
	case record.ByProduct:
		r.id(&c.item)
	case record.ByStoreSource:
		n := r.uint()
		if n >= sources {
			r.fail("source %d of %d", n, sources)
			return c, nil
		}
		c.dimensions = platform.source(uint32(n)).dimensions
		c.store = store
	default:
		r.fail("dimensions %d", c.by)
	}
	c.revision = r.uint()
	n := &c.counts
	for _, v := range [...]*uint64{&n.Views, &n.Carts, &n.Checkouts, &n.Purchases, &n.Units} {
		*v = r.uint()
	}
	n.Revenue = r.int()
	visitors, err := sketch.Parse(r.take(r.uint()))
	if err != nil {
		r.fail("%v", err)
		return c, nil
	}
	return c, visitors
}

func (r *reader) id(into *event.ID) { copy(into[:], r.take(uint64(len(into)))) }
