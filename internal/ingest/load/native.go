package load

import (
	"bufio"
	"encoding/binary"

	"github.com/tiendi/tiendi/internal/warehouse/native"
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
	for _, piece := range native.Dictionary(b.places, len(b.entries), b.data) {
		_, _ = w.Write(piece)
	}
}

func writeUvarint(w *bufio.Writer, n int) {
	_, _ = w.Write(binary.AppendUvarint(w.AvailableBuffer(), uint64(n)))
}

func writeString(w *bufio.Writer, s string) {
	_, _ = w.Write(native.AppendString(w.AvailableBuffer(), s))
}
