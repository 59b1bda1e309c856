package native

import (
	"encoding/binary"
	"net"
)

// Categories is a LowCardinality(String): places in a dictionary, whose first entry
// is "". Values often come several times in a row, so the one before is compared
// first.
type Categories struct {
	entries map[string]uint32
	data    []byte // the entries as strings
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
	c.data, c.places, c.last, c.place = c.data[:0], c.places[:0], "", 0
}

// Append adds a value. It is kept until Reset.
func (c *Categories) Append(v string) {
	if v != c.last {
		c.last, c.place = v, c.entry(v)
	}
	c.places = append(c.places, c.place)
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
		place = uint32(len(c.entries)) + 1
		c.entries[v] = place
		c.data = appendString(c.data, v)
	}
	return place
}

func (c *Categories) stored(pieces net.Buffers) net.Buffers {
	keys := uint64(len(c.entries)) + 1
	width := uint64(0) // 0, 1, 2: places of 1, 2, 4 bytes
	switch {
	case keys > 1<<16:
		width = 2
	case keys > 1<<8:
		width = 1
	}
	head := binary.LittleEndian.AppendUint64(nil, dictionaryVersion)
	head = binary.LittleEndian.AppendUint64(head, width|hasAdditionalKeys|needsUpdate)
	head = append(binary.LittleEndian.AppendUint64(head, keys), 0) // the entry ""
	body := binary.LittleEndian.AppendUint64(make([]byte, 0, 8+len(c.places)<<width), uint64(len(c.places)))
	return append(pieces, head, c.data, appendPlaces(body, c.places, width))
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
