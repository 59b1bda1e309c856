package aggregate

import (
	"slices"
	"strings"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/offheap"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// period is all windows of one minute or day. Its cells stay in the order in which
// they came to be, which is a function of the log: so is what a flush sends.
type period struct {
	grain      record.Grain
	start, end int64 // Unix milliseconds, half open
	cells      cells
	index      index
	sources    []source // by their number
	sourceOf   map[string]uint32
	unsent     []uint32 // cells with something to send
	slow       []uint32 // more of them, that go with a slow flush
	room       *room
	retired    bool // it is out of its room
}

// source is a traffic source, and its cell of the platform, 0 where that is not known.
type source struct {
	name string
	cell uint32
}

// cell is one window.
type cell struct {
	dimensions
	unsent   sending
	revision uint64
	counts   record.Counts
	words    uint16        // of the visitors' sketch
	block    offheap.Block // that has them
}

// sending is what of a cell changed since it was sent.
type sending uint8

const (
	theCounts sending = 1 << iota
	theVisitors
)

// period gives the period that a time lies in, nil where that takes no more events.
func (a *Aggregator) period(g record.Grain, ms, closed int64) *period {
	periods := a.periods[g]
	at, _ := slices.BinarySearchFunc(periods, ms, func(p *period, ms int64) int {
		if p.end <= ms {
			return -1
		}
		return 1
	})
	if at < len(periods) && periods[at].start <= ms {
		return periods[at]
	}
	start, end := bounds(g, ms, a.options.Location)
	if end < closed {
		return nil
	}
	p := newPeriod(g, start, end, a.rooms[g])
	a.periods[g] = slices.Insert(periods, at, p)
	return p
}

// platform is the key of cell 0.
var platform = storeKey(event.ID{})

func newPeriod(g record.Grain, start, end int64, of *room) *period {
	p := &period{grain: g, start: start, end: end, sourceOf: map[string]uint32{}, room: of, cells: newCells()}
	p.cell(&platform)
	return p
}

// add counts a visit in all windows that it belongs to.
func (p *period) add(v *visit, revision uint64) {
	v.changes = v.changes[:0]
	p.find(v)
	p.cells.touch(v)
	for i := range v.changes {
		p.change(&v.changes[i], v, revision)
	}
}

// find gives a visit the windows that it belongs to. Where there is no room for one of its
// own, a source counts as otherSource and a product as the zero one, so that sums over a
// store's stay right; of a store nothing counts but what the platform has, as of an event
// without a store.
func (p *period) find(v *visit) {
	number := p.named(v.source)
	s := &p.sources[number]
	if s.cell == 0 {
		k := platform.source(number)
		s.cell = p.cell(&k)
	}
	v.changes = append(v.changes, change{0, &v.counts}, change{s.cell, &v.counts})
	if v.store.store.IsZero() {
		return
	}
	store, ok := p.own(&v.store)
	if !ok {
		return
	}
	v.changes = append(v.changes, change{store, &v.counts}, change{p.ofStore(&v.store, number), &v.counts})
	for i := range v.products {
		of := &v.products[i]
		v.changes = append(v.changes, change{p.product(&v.store, &of.key), &of.counts})
	}
}

// change adds to one window. One that stays as it was, since an event without
// counts was of a visitor that it knows, has nothing to send.
func (p *period) change(to *change, v *visit, revision uint64) {
	c := p.cells.at(to.cell)
	var changed sending
	if v.counting {
		add(&c.counts, to.counts)
		changed = theCounts
	}
	if p.cells.see(c, v.visitor) {
		changed |= theVisitors
	}
	if changed == 0 {
		return
	}
	if c.unsent == 0 {
		p.toSend(to.cell)
	}
	c.unsent |= changed
	c.revision = revision
}

// toSend puts a cell that has something to send among the others.
func (p *period) toSend(n uint32) {
	if p.cells.at(n).by == record.ByStore {
		p.unsent = append(p.unsent, n)
	} else {
		p.slow = append(p.slow, n)
	}
}

// cell gives the number of a key's cell.
func (p *period) cell(k *key) uint32 {
	n, ok := p.index.find(&p.cells, k)
	if !ok {
		n = p.cells.add(k)
		p.index.insert(&p.cells, k, n)
		p.room.open++
	}
	return n
}

// source gives a source's number. The text is copied: as a part of a batch it would
// keep all of it.
func (p *period) source(name string) uint32 {
	n, ok := p.sourceOf[name]
	if !ok {
		name, n = strings.Clone(name), uint32(len(p.sources))
		p.sources = append(p.sources, source{name: name})
		p.sourceOf[name] = n
	}
	return n
}
