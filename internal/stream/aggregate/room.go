package aggregate

import "github.com/tiendi/tiendi/internal/event"

// Identifiers and sources come from browsers, and whoever makes them up must not
// fill a worker, nor what it writes to. So a partition has room for so many windows of
// a grain that still take events, and for those of what is other: never more than as
// many again. What is there stays exact, and what is new beyond that goes elsewhere,
// see period.add. Windows that close make room.

// fewWindows is how many a period takes all the same: who has filled the partition
// must not leave the next minutes without any.
const fewWindows = 200

// otherSource is what counts the sources that there is no room for.
const otherSource = "(other)"

// longestSource is how long a source may be, in bytes; longer ones are other ones.
const longestSource = 256

// room counts the windows of a grain that take events. It is a function of the log:
// periods leave it as they close, whenever that is flushed.
type room struct {
	most  int // 0 for any number
	open  int
	other uint64 // windows that were wanted and not there, since the process began
}

// takes says whether there is room for a window in a period of so many.
func (r *room) takes(windows int) bool {
	return r.most == 0 || r.open < r.most || windows < fewWindows
}

// retire takes the periods out of their room that take no more events.
func (a *Aggregator) retire(closed int64) {
	for _, periods := range a.periods {
		for _, p := range periods {
			if p.end >= closed {
				break
			}
			if !p.retired {
				p.retired = true
				p.room.open -= int(p.cells.count)
			}
		}
	}
}

// own gives the cell of a key, if it has one or there is room for it.
func (p *period) own(k *key) (n uint32, ok bool) {
	if n, ok := p.index.find(&p.cells, k); ok {
		return n, true
	}
	if p.room.takes(int(p.cells.count)) {
		return p.cell(k), true
	}
	p.room.other++
	return 0, false
}

// ofStore gives the cell of a store's source.
func (p *period) ofStore(store *key, source uint32) uint32 {
	k := store.source(source)
	n, ok := p.own(&k)
	if !ok {
		k = store.source(p.source(otherSource))
		n = p.cell(&k)
	}
	return n
}

// product gives the cell of a store's product.
func (p *period) product(store, k *key) uint32 {
	n, ok := p.own(k)
	if !ok {
		other := store.product(nothing)
		n = p.cell(&other)
	}
	return n
}

// named gives a source's number, or that of the other ones.
func (p *period) named(source string) uint32 {
	if n, ok := p.sourceOf[source]; ok {
		return n
	}
	if len(source) <= longestSource && p.room.takes(int(p.cells.count)) {
		return p.source(source)
	}
	p.room.other++
	return p.source(otherSource)
}

// Other is Stats.Other alone, which costs less.
func (a *Aggregator) Other() (n uint64) {
	for _, r := range a.rooms {
		n += r.other
	}
	return n
}

// nothing stands for the products that there is no room for.
var nothing event.ID
