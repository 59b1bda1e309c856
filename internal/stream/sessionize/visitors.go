package sessionize

import "github.com/tiendi/tiendi/internal/event"

// visitor is all that is open of one session_id.
type visitor struct {
	id     event.ID
	events []byte // packed
	due    int64  // its next wake-up in the queue, never where it has none
	shown  int64  // the enricher's clock when open sessions of it were published last, in ms, 0 for never
}

// slot is where a visitor lies.
type slot uint32

// visitors live in chunks, so that a million are no million objects and never move.
type visitors struct {
	slots  map[event.ID]slot
	chunks [][]visitor
	free   []slot
	next   slot
}

const chunkBits = 12

func (v *visitors) at(i slot) *visitor { return &v.chunks[i>>chunkBits][i&(1<<chunkBits-1)] }

func (v *visitors) add(id event.ID) slot {
	i := v.next
	if last := len(v.free) - 1; last >= 0 {
		i, v.free = v.free[last], v.free[:last]
	} else {
		if i>>chunkBits == slot(len(v.chunks)) {
			v.chunks = append(v.chunks, make([]visitor, 1<<chunkBits))
		}
		v.next++
	}
	v.slots[id] = i
	*v.at(i) = visitor{id: id, due: never}
	return i
}

func (v *visitors) remove(i slot) {
	delete(v.slots, v.at(i).id)
	*v.at(i) = visitor{due: never}
	v.free = append(v.free, i)
}

// keep stores packed events, in memory of about their size.
func (v *visitor) keep(events []byte) {
	if cap(v.events) < len(events) || cap(v.events) > 2*len(events)+64 {
		v.events = append([]byte(nil), events...)
		return
	}
	v.events = append(v.events[:0], events...)
}
