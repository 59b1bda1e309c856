package enrich

import (
	"math/bits"

	"github.com/tiendi/tiendi/internal/stream/offheap"
)

// table is a set of hashes with open addressing: 8 bytes a place, grown by quarters so that
// it is a third empty at most.
type table struct {
	memory *offheap.Memory
	places []uint64 // 0 is free
	count  int
}

// home is where a hash is looked for first: its high bits, spread over the places.
func (t *table) home(hash uint64) uint64 {
	i, _ := bits.Mul64(hash, uint64(len(t.places)))
	return i
}

// first is what is at a hash's home.
func (t *table) first(hash uint64) uint64 {
	if len(t.places) == 0 {
		return 0
	}
	return t.places[t.home(hash)]
}

// at is where a hash is, or the free place where it would be.
func (t *table) at(hash uint64) int {
	n, i := uint64(len(t.places)), t.home(hash)
	for t.places[i] != 0 && t.places[i] != hash {
		if i++; i == n {
			i = 0
		}
	}
	return int(i)
}

func (t *table) has(hash uint64) bool {
	return t.count > 0 && t.places[t.at(hash)] == hash
}

// add puts in a hash that is not there.
func (t *table) add(hash uint64) {
	if t.count*6 >= len(t.places)*5 {
		t.grow()
	}
	t.places[t.at(hash)] = hash
	t.count++
}

// fewest is the least number of places: one must always be free.
const fewest = 1024

func (t *table) grow() { t.resize(max(fewest, len(t.places)+len(t.places)/4)) }

// reserve makes room for so many hashes. Who adds those of a table in its order needs
// it: they come by their place, and would all crowd at the beginning of a smaller one.
func (t *table) reserve(hashes int) {
	if places := max(fewest, hashes*6/5+1); places > len(t.places) {
		t.resize(places)
	}
}

func (t *table) resize(places int) {
	before := t.places
	t.places = offheap.Slice[uint64](t.memory, places)
	for _, hash := range before {
		if hash != 0 {
			t.places[t.at(hash)] = hash
		}
	}
	offheap.Free(t.memory, before)
}

// drop gives the memory back.
func (t *table) drop() {
	offheap.Free(t.memory, t.places)
	t.places, t.count = nil, 0
}
