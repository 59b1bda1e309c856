package aggregate

import (
	"slices"
	"time"

	"github.com/tiendi/tiendi/internal/stream/record"
)

const (
	slowEvery  = 10 * time.Second // of the enricher's clock, for what is not sent each time
	maxUpdates = 1000             // of one call of send
	maxText    = 1 << 20          // bytes of sketches and sources after which a call is full
)

// Flush sends what changed since the last Flush that succeeded, in an order that only
// the log decides: each time what stores and the platform came to. Every 10 s of the
// enricher's clock, or with all, also sketches, which are large and slow to merge, and
// products and sources, which are many: one that is looked at all day would be written
// by every sink twice a second. A window whose sketch comes after its counts has the
// same revision twice.
//
// Send gets up to 1,000 updates at a time, with a MiB of sketches and one more, and
// must keep none of it. After its error, which Flush returns, the next Flush sends
// all of it again.
func (a *Aggregator) Flush(all bool, send func([]record.Update) error) error {
	slow := all || a.at.Sub(a.slow) >= slowEvery
	if err := a.send(slow, send); err != nil {
		return err
	}
	closed := a.closed()
	a.retire(closed)
	for g, periods := range a.periods {
		for _, p := range periods {
			p.sent(slow)
		}
		a.periods[g] = slices.DeleteFunc(periods, func(p *period) bool { return p.end < closed && len(p.unsent)+len(p.slow) == 0 })
	}
	a.current = [grains]*period{}
	if slow {
		a.slow = a.at
	}
	return nil
}

// ripe is what of a cell goes with a Flush.
func ripe(c *cell, slow bool) sending {
	switch {
	case slow:
		return theCounts | theVisitors
	case c.by == record.ByStore:
		return theCounts
	}
	return 0
}

func (a *Aggregator) send(slow bool, send func([]record.Update) error) error {
	var updates []record.Update
	text := 0
	a.sketches = a.sketches[:0]
	for _, periods := range a.periods {
		for _, p := range periods {
			if slow {
				p.unsent, p.slow = append(p.unsent, p.slow...), p.slow[:0]
			}
			slices.Sort(p.unsent)
			for _, n := range p.unsent {
				now := p.cells[n].unsent & ripe(&p.cells[n], slow)
				if now == 0 {
					continue
				}
				u := p.update(n)
				if now&theVisitors != 0 {
					u.Visitors = a.sketch(&p.cells[n])
				}
				updates = append(updates, u)
				text += len(u.Visitors) + len(u.Source)
				if len(updates) < maxUpdates && text < maxText {
					continue
				}
				if err := send(updates); err != nil {
					return err
				}
				updates, text, a.sketches = updates[:0], 0, a.sketches[:0]
			}
		}
	}
	if len(updates) == 0 {
		return nil
	}
	return send(updates)
}

// sketch writes a sketch behind those of the call's other updates.
func (a *Aggregator) sketch(c *cell) []byte {
	from := len(a.sketches)
	a.sketches = c.visitors.AppendRedis(a.sketches)
	return a.sketches[from:len(a.sketches):len(a.sketches)]
}

func (p *period) update(n uint32) record.Update {
	c := &p.cells[n]
	u := record.Update{Counts: c.counts, Revision: c.revision}
	u.Window = record.Window{Grain: p.grain, By: c.by, Start: p.start / 1000, StoreID: c.store}
	switch c.by {
	case record.ByProduct:
		u.ProductID = c.item
	case record.ByStoreSource:
		u.Source = p.sources[c.sourceNumber()].name
	}
	return u
}

// sent takes note of what was sent.
func (p *period) sent(slow bool) {
	p.unsent = slices.DeleteFunc(p.unsent, func(n uint32) bool {
		c := &p.cells[n]
		c.unsent &^= ripe(c, slow)
		return c.unsent == 0
	})
}
