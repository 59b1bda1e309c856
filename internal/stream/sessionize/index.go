package sessionize

import (
	"hash/maphash"
	"math/bits"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/offheap"
)

// index finds visitors by their ids: a table with open addressing whose places are slots
// plus one, 0 for none. Whoever sends events chooses ids, but not where they come.
type index struct {
	memory *offheap.Memory
	seed   maphash.Seed
	places []uint32
	count  int
}

const fewestPlaces = 1024

func newIndex(m *offheap.Memory) index {
	return index{memory: m, seed: maphash.MakeSeed(), places: offheap.Slice[uint32](m, fewestPlaces)}
}

// home is where an id is looked for first.
func (x *index) home(id *event.ID) int {
	at, _ := bits.Mul64(maphash.Bytes(x.seed, id[:]), uint64(len(x.places)))
	return int(at)
}

func (x *index) after(at int) int {
	if at++; at < len(x.places) {
		return at
	}
	return 0
}

func (x *index) find(v *visitors, id event.ID) (slot, bool) { return x.findFrom(x.home(&id), v, id) }

// findFrom finds a visitor whose home is known.
func (x *index) findFrom(at int, v *visitors, id event.ID) (slot, bool) {
	for ; x.places[at] != 0; at = x.after(at) {
		if i := slot(x.places[at] - 1); v.at(i).id == id {
			return i, true
		}
	}
	return 0, false
}

// add enters a visitor that is not there.
func (x *index) add(v *visitors, i slot) {
	if x.count >= len(x.places)/4*3 {
		before := x.places
		x.places = offheap.Slice[uint32](x.memory, 2*len(before))
		for _, place := range before {
			if place != 0 {
				x.put(v, slot(place-1))
			}
		}
		offheap.Free(x.memory, before)
	}
	x.put(v, i)
	x.count++
}

func (x *index) put(v *visitors, i slot) {
	at := x.home(&v.at(i).id)
	for x.places[at] != 0 {
		at = x.after(at)
	}
	x.places[at] = uint32(i) + 1
}

// remove takes a visitor out that is there, and moves those behind it up that would not be
// found over the gap.
func (x *index) remove(v *visitors, i slot) {
	gap := x.home(&v.at(i).id)
	for x.places[gap] != uint32(i)+1 {
		gap = x.after(gap)
	}
	for at := x.after(gap); x.places[at] != 0; at = x.after(at) {
		home := x.home(&v.at(slot(x.places[at] - 1)).id)
		// The distances go round the end of the table.
		if n := len(x.places); (at-home+n)%n >= (at-gap+n)%n {
			x.places[gap] = x.places[at]
			gap = at
		}
	}
	x.places[gap] = 0
	x.count--
}
