package aggregate

import (
	"slices"

	"github.com/tiendi/tiendi/internal/stream/record"
)

const (
	maxUpdates = 1000    // of one call of send
	maxText    = 1 << 20 // bytes of sketches and sources after which a call is full
)

// Flush sends what changed since the last Flush that succeeded, in an order that only
// the log decides: each time what stores and the platform came to. Sketches, which are
// large and slow to merge, and products and sources, which are many, take turns of 30 s
// of the enricher's clock: one that is looked at all day would be written by every sink
// twice a second. The minutes of products and sources, which nobody watches, wait for
// their end as well, so that most are written once. With all, everything goes. A window whose sketch comes after its
// counts has the same revision twice.
//
// Send gets up to 1,000 updates at a time, with a MiB of sketches and one more, and
// must keep none of it. After its error, which Flush returns, the next Flush sends
// all of it again.
func (a *Aggregator) Flush(all bool, send func([]record.Update) error) error {
	due := turn{after: a.slot, upTo: slotOf(a.at)}
	if all {
		due = everything
	}
	if err := a.send(due, send); err != nil {
		return err
	}
	closed := a.closed()
	a.retire(closed)
	for g, periods := range a.periods {
		for _, p := range periods {
			p.sent(due)
		}
		a.periods[g] = slices.DeleteFunc(periods, func(p *period) bool { return p.end < closed && len(p.unsent)+len(p.slow) == 0 })
	}
	a.current = [grains]*period{}
	a.slot = slotOf(a.at)
	return nil
}

// ripe is what of cell n goes with a Flush.
func (p *period) ripe(n uint32, due turn) sending {
	switch c := p.cells.at(n); {
	case due.has(n):
		return theCounts | theVisitors
	case c.by == record.ByStore:
		return theCounts
	}
	return 0
}

func (a *Aggregator) send(due turn, send func([]record.Update) error) error {
	var updates []record.Update
	text := 0
	a.sketches = a.sketches[:0]
	for _, periods := range a.periods {
		for _, p := range periods {
			if due == everything || p.grain == record.Day || p.end <= a.at.UnixMilli() {
				p.wake(due)
			}
			slices.Sort(p.unsent)
			for _, n := range p.unsent {
				now := p.cells.at(n).unsent & p.ripe(n, due)
				if now == 0 {
					continue
				}
				u := p.update(n)
				if now&theVisitors != 0 {
					u.Visitors = a.sketch(p, n)
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
func (a *Aggregator) sketch(p *period, n uint32) []byte {
	from := len(a.sketches)
	a.sketches = p.cells.appendVisitors(a.sketches, n)
	return a.sketches[from:len(a.sketches):len(a.sketches)]
}

func (p *period) update(n uint32) record.Update {
	c := p.cells.at(n)
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

// wake has the slow cells whose turn it is sent with the others.
func (p *period) wake(due turn) {
	p.slow = slices.DeleteFunc(p.slow, func(n uint32) bool {
		if !due.has(n) {
			return false
		}
		p.unsent = append(p.unsent, n)
		return true
	})
}

// sent takes note of what was sent.
func (p *period) sent(due turn) {
	p.unsent = slices.DeleteFunc(p.unsent, func(n uint32) bool {
		c := p.cells.at(n)
		c.unsent &^= p.ripe(n, due)
		return c.unsent == 0
	})
}
