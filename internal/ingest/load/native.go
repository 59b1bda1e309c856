package load

import (
	"bufio"
	"encoding/binary"
)

// The header of a LowCardinality column in the Native format.
const (
	dictionaryVersion = 1       // shared dictionaries with additional keys
	hasAdditionalKeys = 1 << 9  // the block brings its keys along
	needsUpdate       = 1 << 10 // and they replace those of earlier blocks
)

// encode writes the column with its name and type. Values go out as they lie
// here: a block is not copied to be sent.
func (b *buffer) encode(w *bufio.Writer) {
	writeString(w, b.Name)
	writeString(w, b.typ)
	if b.Kind != Category {
		_, _ = w.Write(b.nulls)
		_, _ = w.Write(b.data)
		return
	}
	writeUint64(w, dictionaryVersion)
	width := uint64(0) // 0, 1, 2: places of 1, 2, 4 bytes
	if len(b.entries) > 1<<8 {
		width = 1
	}
	if len(b.entries) > 1<<16 {
		width = 2
	}
	writeUint64(w, width|hasAdditionalKeys|needsUpdate)
	writeUint64(w, uint64(len(b.entries)))
	_, _ = w.Write(b.data)
	writeUint64(w, uint64(len(b.places)))
	writePlaces(w, b.places, width)
}

// writePlaces writes the 1 << width low bytes of each.
func writePlaces(w *bufio.Writer, places []uint32, width uint64) {
	for _, p := range places {
		for n := 1 << width; n > 0; n-- {
			_ = w.WriteByte(byte(p))
			p >>= 8
		}
	}
}

func writeUint64(w *bufio.Writer, n uint64) {
	_, _ = w.Write(binary.LittleEndian.AppendUint64(w.AvailableBuffer(), n))
}

func writeUvarint(w *bufio.Writer, n int) {
	_, _ = w.Write(binary.AppendUvarint(w.AvailableBuffer(), uint64(n)))
}

func writeString(w *bufio.Writer, s string) {
	writeUvarint(w, len(s))
	_, _ = w.WriteString(s)
}
