package sessionize

import (
	"bytes"
	"encoding/binary"
	"iter"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/offheap"
)

// visitor is all that is open of one session_id. There may be millions: its parts are no
// larger than they have to be.
type visitor struct {
	id event.ID // zero for a free slot
	// due is its next wake-up, never where it has none. What is to be published since it
	// changed, if it has: the sessions that end at from or later, by a revision.
	due, from, revision short
	change              changeState
	waiting             waiting
	size                uint16        // of its packed events; inLarge where they are in large
	block               offheap.Block // that has them
	next                link          // in the list where it waits
	shown               uint32        // the enricher's clock when open sessions of it were published last, in s, 0 for never
}

const inLarge = 1<<16 - 1

// short is a number of 56 bits: of milliseconds, all that a calendar has.
type short [7]byte

func (s *short) get() int64 {
	low, high := binary.LittleEndian.Uint32(s[:4]), binary.LittleEndian.Uint32(s[3:])
	return int64(uint64(low)|uint64(high)<<24) << 8 >> 8
}

func (s *short) set(n int64) {
	binary.LittleEndian.PutUint32(s[:4], uint32(n))
	binary.LittleEndian.PutUint32(s[3:], uint32(n>>24))
}

// changeState says whether there is something to publish.
type changeState uint8

const (
	unchanged changeState = iota
	changed
	ready // for the next flush
)

// slot is where a visitor lies.
type slot uint32

// visitors live in chunks and their events in blocks, outside the collector's heap: a
// million are no million objects, and never move.
type visitors struct {
	memory *offheap.Memory
	index  index
	chunks [][]visitor
	blocks *offheap.Slab
	large  map[slot][]byte // events of those who have more than a block holds
	free   []slot
	next   slot
}

const chunkBits = 12

func newVisitors() visitors {
	m := offheap.New()
	return visitors{memory: m, index: newIndex(m), blocks: offheap.NewSlab(m), large: map[slot][]byte{}}
}

func (v *visitors) at(i slot) *visitor { return &v.chunks[i>>chunkBits][i&(1<<chunkBits-1)] }

func (v *visitors) count() int { return v.index.count }

// find gives the slot of a visitor, if it has one.
func (v *visitors) find(id event.ID) (slot, bool) { return v.index.find(v, id) }

// all gives the visitors, in no order.
func (v *visitors) all() iter.Seq[slot] {
	return func(yield func(slot) bool) {
		for i := range v.next {
			if !v.at(i).id.IsZero() && !yield(i) {
				return
			}
		}
	}
}

// add makes a visitor that is not there.
func (v *visitors) add(id event.ID) slot {
	i := v.next
	if last := len(v.free) - 1; last >= 0 {
		i, v.free = v.free[last], v.free[:last]
	} else {
		if i>>chunkBits == slot(len(v.chunks)) {
			v.chunks = append(v.chunks, offheap.Slice[visitor](v.memory, 1<<chunkBits))
		}
		v.next++
	}
	at := v.at(i)
	*at = visitor{id: id}
	at.due.set(never)
	v.index.add(v, i)
	return i
}

// remove forgets a visitor. Its slot is free once it is in no list.
func (v *visitors) remove(i slot) {
	v.index.remove(v, i)
	v.keep(i, nil)
	at := v.at(i)
	*at = visitor{next: at.next, waiting: at.waiting}
	at.due.set(never)
	if at.waiting == unlisted {
		v.free = append(v.free, i)
		return
	}
	at.waiting = strayed
}

// keep stores packed events in place of those that are there.
func (v *visitors) keep(i slot, events []byte) {
	at := v.at(i)
	was := int(at.size)
	if was == inLarge {
		delete(v.large, i)
		was = 0
	}
	if at.size = uint16(len(events)); len(events) > offheap.MaxBlock {
		v.large[i] = bytes.Clone(events)
		at.size, events = inLarge, nil
	}
	at.block = v.blocks.Put(at.block, was, events)
}

// events are what keep stored, valid until the next keep.
func (v *visitors) events(i slot) []byte {
	at := v.at(i)
	if at.size == inLarge {
		return v.large[i]
	}
	return v.blocks.Bytes(at.block, int(at.size))
}
