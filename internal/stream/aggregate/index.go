package aggregate

import (
	"encoding/binary"
	"hash/maphash"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// dimensions are a window's key within its period. Item is the product's id, or the
// number that the period gave the source.
type dimensions struct {
	store, item event.ID
	by          record.By
}

// key is dimensions with their hash. That of an id is made once for all windows of
// an event, and put together with others for less than it costs to hash them again.
type key struct {
	dimensions
	hash uint64
}

// seed keeps those who make up ids from choosing where they fall.
var seed = maphash.MakeSeed()

func storeKey(store event.ID) key {
	return key{dimensions{store: store, by: record.ByStore}, maphash.Bytes(seed, store[:])}
}

// product is the key of a product of a store's key.
func (k *key) product(id event.ID) key {
	return key{dimensions{k.store, id, record.ByProduct}, k.hash + maphash.Bytes(seed, id[:])}
}

// source is the key of a source of a store's key.
func (k *key) source(number uint32) key {
	const odd = 0x9e3779b97f4a7c15 // 2⁶⁴ / φ, which spreads neighbours out
	of := dimensions{store: k.store, by: record.ByStoreSource}
	binary.LittleEndian.PutUint32(of.item[:], number)
	return key{of, (k.hash + uint64(number) + 1) * odd}
}

// key hashes dimensions from the beginning.
func (of *dimensions) key() key {
	k := storeKey(of.store)
	switch of.by {
	case record.ByProduct:
		return k.product(of.item)
	case record.ByStoreSource:
		return k.source(of.sourceNumber())
	}
	return k
}

func (of *dimensions) sourceNumber() uint32 { return binary.LittleEndian.Uint32(of.item[:]) }

// index finds the cells of a period by their keys. It costs about 14 bytes a cell,
// where a map with the keys in it takes five times as much. The zero index is empty.
type index struct {
	// slots hold a cell's number + 1 and above it the upper half of its hash, 0 for
	// none. They are as many as a power of two.
	slots []uint64
}

const low = 1<<32 - 1

// find gives the cell of a key.
func (x *index) find(of *cells, k *key) (n uint32, ok bool) {
	if len(x.slots) == 0 {
		return 0, false
	}
	mask := uint64(len(x.slots) - 1)
	for at := k.hash & mask; x.slots[at] != 0; at = (at + 1) & mask {
		if s := x.slots[at]; (s^k.hash)&^low == 0 && of.at(uint32(s-1)).dimensions == k.dimensions {
			return uint32(s - 1), true
		}
	}
	return 0, false
}

// insert takes the last cell, whose key the index does not hold yet.
func (x *index) insert(of *cells, k *key, n uint32) {
	if int(of.count)*4 > len(x.slots)*3 {
		x.slots = make([]uint64, max(8, 2*len(x.slots)))
		for i := range n {
			x.put(of.at(i).key().hash, i)
		}
	}
	x.put(k.hash, n)
}

func (x *index) put(hash uint64, n uint32) {
	mask := uint64(len(x.slots) - 1)
	at := hash & mask
	for x.slots[at] != 0 {
		at = (at + 1) & mask
	}
	x.slots[at] = hash&^low | uint64(n+1)
}
