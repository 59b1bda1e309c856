package record

import (
	"encoding/binary"
	"time"

	"github.com/tiendi/tiendi/internal/event"
)

// version is the first byte of all that this package writes.
const version = 2

func appendText(dst []byte, s string) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(s))), s...)
}

func appendBytes(dst, b []byte) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(b))), b...)
}

func appendTime(dst []byte, t time.Time) []byte { return binary.AppendVarint(dst, t.UnixMilli()) }

// appendIDs writes ids, but for those that are zero: bits says which are there.
func appendIDs(dst []byte, ids ...event.ID) []byte {
	at := len(dst)
	dst = append(dst, 0)
	for i, id := range ids {
		if !id.IsZero() {
			dst[at] |= 1 << i
			dst = append(dst, id[:]...)
		}
	}
	return dst
}

func appendFlags(dst []byte, flags ...bool) []byte {
	var b byte
	for i, set := range flags {
		if set {
			b |= 1 << i
		}
	}
	return append(dst, b)
}
