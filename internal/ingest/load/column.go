package load

import (
	"encoding/binary"

	"github.com/tiendi/tiendi/internal/warehouse/native"
)

// buffer collects the values of one column of a block as ClickHouse's Native
// format stores them. mark is its length before the row at hand, so that a row
// that does not fit can be taken back.
type buffer struct {
	Column
	typ   string
	data  []byte // values; of a Category: its dictionary, as strings
	nulls []byte // of a Nullable: 1 for NULL
	mark  int

	// A Category stores places in a dictionary, whose first entry is "".
	places  []uint32
	entries map[string]uint32
	last    []byte // the value stored last, and its place
	place   uint32
}

func newBuffer(c Column) *buffer {
	b := &buffer{Column: c, typ: c.Type()}
	if c.Kind == Category {
		b.entries = map[string]uint32{}
	}
	b.reset()
	return b
}

func (b *buffer) reset() {
	b.data, b.nulls, b.places = b.data[:0], b.nulls[:0], b.places[:0]
	if b.Kind == Category {
		clear(b.entries)
		b.last, b.place = b.last[:0], 0
		b.entries[""] = 0
		b.data = append(b.data, 0)
	}
}

// begin remembers the state before a row, undo goes back to it. Entries of a
// dictionary may stay.
func (b *buffer) begin() {
	if b.Kind == Category {
		b.mark = len(b.places)
		return
	}
	b.mark = len(b.data)
}

func (b *buffer) undo(rows int) {
	if b.Nullable {
		b.nulls = b.nulls[:rows]
	}
	if b.Kind == Category {
		b.places = b.places[:b.mark]
		return
	}
	b.data = b.data[:b.mark]
}

// put stores a value given as text; an empty one is the type's default, or NULL.
func (b *buffer) put(s []byte) (reason string) {
	if b.Nullable {
		b.nulls = append(b.nulls, 0)
		if len(s) == 0 {
			b.nulls[len(b.nulls)-1] = 1
		}
	}
	switch {
	case b.Kind == Category:
		b.putCategory(s)
	case b.Kind == Flag:
		b.data = append(b.data, byte(len(s)))
	case !b.parsed():
		b.data = native.AppendString(b.data, s)
	case len(s) == 0:
		b.data = append(b.data, zeros[:b.width()]...)
	default:
		b.data, reason = b.appendText(b.data, s)
	}
	return reason
}

// putStored adds a value that is as the column stores it, not NULL and of no
// Category.
func (b *buffer) putStored(v []byte) {
	if b.Nullable {
		b.nulls = append(b.nulls, 0)
	}
	b.data = append(b.data, v...)
}

// lastTime is the value put last into a column of times.
func (b *buffer) lastTime() (millis int64) {
	return int64(binary.LittleEndian.Uint64(b.data[len(b.data)-8:]))
}

func (b *buffer) putPosition(n uint64) {
	b.data = binary.LittleEndian.AppendUint64(b.data, n)
}

func (b *buffer) putCategory(s []byte) {
	if string(s) != string(b.last) {
		place, known := b.entries[string(s)]
		if !known {
			place = uint32(len(b.entries))
			b.entries[string(s)] = place
			b.data = native.AppendString(b.data, s)
		}
		b.last, b.place = append(b.last[:0], s...), place
	}
	b.places = append(b.places, b.place)
}
