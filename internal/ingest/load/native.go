package load

import (
	"encoding/binary"
	"slices"
)

// The header of a LowCardinality column in the Native format.
const (
	dictionaryVersion = 1       // shared dictionaries with additional keys
	hasAdditionalKeys = 1 << 9  // the block brings its keys along
	needsUpdate       = 1 << 10 // and they replace those of earlier blocks
)

// encode appends the column with its name and type.
func (b *buffer) encode(dst []byte) []byte {
	dst = appendString(dst, []byte(b.Name))
	dst = appendString(dst, []byte(b.typ))
	if b.Kind != Category {
		dst = append(dst, b.nulls...)
		return append(dst, b.data...)
	}
	dst = binary.LittleEndian.AppendUint64(dst, dictionaryVersion)
	width := uint64(0) // 0, 1, 2: places of 1, 2, 4 bytes
	if len(b.entries) > 1<<8 {
		width = 1
	}
	if len(b.entries) > 1<<16 {
		width = 2
	}
	dst = binary.LittleEndian.AppendUint64(dst, width|hasAdditionalKeys|needsUpdate)
	dst = binary.LittleEndian.AppendUint64(dst, uint64(len(b.entries)))
	dst = append(dst, b.data...)
	dst = binary.LittleEndian.AppendUint64(dst, uint64(len(b.places)))
	return appendPlaces(slices.Grow(dst, len(b.places)<<width), b.places, width)
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
