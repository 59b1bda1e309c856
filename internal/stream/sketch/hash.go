package sketch

import (
	"encoding/binary"
	"math/bits"
)

const (
	seed       = 0xadc83b19 // that of PFADD
	multiplier = 0xc6a4a7935bd1e995
	shift      = 47
)

// Hash is the hash that PFADD makes of an element: MurmurHash64A.
func Hash(element []byte) uint64 {
	h := seed ^ uint64(len(element))*multiplier
	for ; len(element) >= 8; element = element[8:] {
		k := binary.LittleEndian.Uint64(element) * multiplier
		k = (k ^ k>>shift) * multiplier
		h = (h ^ k) * multiplier
	}
	if len(element) > 0 {
		var rest [8]byte
		copy(rest[:], element)
		h = (h ^ binary.LittleEndian.Uint64(rest[:])) * multiplier
	}
	h = (h ^ h>>shift) * multiplier
	return h ^ h>>shift
}

// place says which register a hash falls into, and with what rank.
func place(hash uint64) (register uint32, rank uint8) {
	// The bit above the hash's ends the zeros of one that has no other.
	return uint32(hash % registers), uint8(bits.TrailingZeros64(hash>>indexBits|1<<hashBits)) + 1
}
