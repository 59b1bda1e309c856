package redis

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/tiendi/tiendi/internal/stream/record"
)

const (
	// exact is where Lua's numbers stop being whole. Revisions lie below it.
	exact = 1 << 53
	// most is the largest count and revenue that one partition's window may have:
	// a difference of two is still exact, and 2,047 of them fit a total.
	most = 1 << 52
)

// packFigure writes what a partition knows of a window, as apply.lua reads it:
// numbers in MessagePack, one behind the other.
func packFigure(dst []byte, u *record.Update) ([]byte, error) {
	if u.Revision >= exact {
		return nil, fmt.Errorf("%w: revision %d of a window is beyond %d", record.ErrFormat, u.Revision, int64(exact)-1)
	}
	return packCounts(packInt(dst, int64(u.Revision)), &u.Counts), nil
}

func packCounts(dst []byte, c *record.Counts) []byte {
	for _, n := range [...]uint64{c.Views, c.Carts, c.Checkouts, c.Purchases, c.Units} {
		dst = packInt(dst, int64(min(n, most)))
	}
	return packInt(dst, max(-most, min(c.Revenue, most)))
}

func packInt(dst []byte, n int64) []byte {
	switch {
	case n < 0:
		return binary.BigEndian.AppendUint64(append(dst, 0xd3), uint64(n))
	case n < 1<<7:
		return append(dst, byte(n))
	case n <= math.MaxUint8:
		return append(dst, 0xcc, byte(n))
	case n <= math.MaxUint16:
		return binary.BigEndian.AppendUint16(append(dst, 0xcd), uint16(n))
	case n <= math.MaxUint32:
		return binary.BigEndian.AppendUint32(append(dst, 0xce), uint32(n))
	}
	return binary.BigEndian.AppendUint64(append(dst, 0xcf), uint64(n))
}
