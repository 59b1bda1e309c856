package native

import (
	"encoding/binary"
	"net"
	"strings"
)

// Categories is a LowCardinality(String): places in a dictionary, whose first entry
// is "". Values often come several times in a row, so the one before is compared
// first.
type Categories struct {
	entries map[string]uint32
	names   []string // of the entries but for ""
	data    []byte   // the entries as strings
	places  []uint32
	last    string
	place   uint32
}

// What goes before the places, as SerializationLowCardinality reads it.
const (
	dictionaryVersion = 1       // shared dictionaries with additional keys
	hasAdditionalKeys = 1 << 9  // the block brings its keys along
	needsUpdate       = 1 << 10 // and they replace those of earlier blocks
)

// Type implements Values.
func (*Categories) Type() string { return "LowCardinality(String)" }

// Rows implements Values.
func (c *Categories) Rows() int { return len(c.places) }

// Reset implements Values.
func (c *Categories) Reset() {
	clear(c.entries)
	clear(c.names)
	c.names = c.names[:0]
	c.data, c.places, c.last, c.place = c.data[:0], c.places[:0], "", 0
}

// Append adds a value, and keeps nothing of it.
func (c *Categories) Append(v string) {
	if v != c.last {
		if c.last, c.place = "", c.entry(v); c.place > 0 {
			c.last = c.names[c.place-1]
		}
	}
	c.places = append(c.places, c.place)
}

// AppendBytes adds a value.
func (c *Categories) AppendBytes(v []byte) {
	if string(v) == c.last {
		c.places = append(c.places, c.place)
		return
	}
	if place, known := c.entries[string(v)]; known {
		c.places = append(c.places, place)
		return
	}
	c.Append(string(v))
}

func (c *Categories) entry(v string) uint32 {
	if v == "" {
		return 0
	}
	place, known := c.entries[v]
	if !known {
		if c.entries == nil {
			c.entries = map[string]uint32{}
		}
		v = strings.Clone(v)
		c.names = append(c.names, v)
		place = uint32(len(c.names))
		c.entries[v] = place
		c.data = AppendString(c.data, v)
	}
	return place
}

func (c *Categories) stored(pieces net.Buffers) net.Buffers {
	return append(pieces, Dictionary(c.places, len(c.entries)+1, []byte{0}, c.data)...) // 0 is ""
}

// Dictionary gives the pieces of a LowCardinality(String): the place of each row's
// value among so many entries, which lie one behind the other as AppendString adds
// them. The entries' bytes stay the caller's.
func Dictionary(places []uint32, entries int, bytes ...[]byte) net.Buffers {
	width := uint64(0) // 0, 1, 2: places of 1, 2, 4 bytes
	switch {
	case entries > 1<<16:
		width = 2
	case entries > 1<<8:
		width = 1
	}
	head := binary.LittleEndian.AppendUint64(nil, dictionaryVersion)
	head = binary.LittleEndian.AppendUint64(head, width|hasAdditionalKeys|needsUpdate)
	head = binary.LittleEndian.AppendUint64(head, uint64(entries))
	rows := binary.LittleEndian.AppendUint64(make([]byte, 0, 8+len(places)<<width), uint64(len(places)))
	return append(append(net.Buffers{head}, bytes...), appendPlaces(rows, places, width))
}

func appendPlaces(dst []byte, places []uint32, width uint64) []byte {
	for _, p := range places {
		switch width {
		case 0:
			dst = append(dst, byte(p))
		case 1:
			dst = binary.LittleEndian.AppendUint16(dst, uint16(p))
		default:
			dst = binary.LittleEndian.AppendUint32(dst, p)
		}
	}
	return dst
}
