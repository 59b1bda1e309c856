package record

import (
	"encoding/binary"

	"github.com/tiendi/tiendi/internal/event"
)

// Live is how many sessions of one partition are open that were in a store: absolute,
// so that a sink may take it twice. Of two of one store and partition the later one in
// the log counts.
type Live struct {
	StoreID  event.ID // zero for the whole platform
	Sessions uint64
}

func appendLive(dst []byte, l *Live) []byte {
	return binary.AppendUvarint(appendIDs(dst, l.StoreID), l.Sessions)
}

func (r *reader) live(l *Live) {
	r.ids(&l.StoreID)
	l.Sessions = r.uint()
}
