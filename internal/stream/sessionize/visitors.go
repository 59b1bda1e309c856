package sessionize

import (
	"iter"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/offheap"
)

// visitor is all that is open of one session_id.
type visitor struct {
	id    event.ID // zero for a free slot
	due   int64    // its next wake-up in the queue, never where it has none
	shown int64    // the enricher's clock when open sessions of it were published last, in ms, 0 for never
	// What changed since, if something has: the sessions that end at this moment or later.
	from     int64
	revision uint64
	block    offheap.Block // of its packed events
	size     uint32        // of these
	change   changeState
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
	*v.at(i) = visitor{id: id, due: never}
	v.index.add(v, i)
	return i
}

func (v *visitors) remove(i slot) {
	v.index.remove(v, i)
	v.keep(i, nil)
	*v.at(i) = visitor{due: never}
	v.free = append(v.free, i)
}

// keep stores packed events in place of those that are there.
func (v *visitors) keep(i slot, events []byte) {
	at := v.at(i)
	was := int(at.size)
	if was > offheap.MaxBlock {
		delete(v.large, i)
		was = 0
	}
	at.size = uint32(len(events))
	if len(events) > offheap.MaxBlock {
		v.large[i] = append([]byte(nil), events...)
		events = nil
	}
	at.block = v.blocks.Put(at.block, was, events)
}

// events are what keep stored, valid until the next keep.
func (v *visitors) events(i slot) []byte {
	at := v.at(i)
	if at.size > offheap.MaxBlock {
		return v.large[i]
	}
	return v.blocks.Bytes(at.block, int(at.size))
}
