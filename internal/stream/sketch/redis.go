package sketch

import "encoding/binary"

// The bytes of Redis begin with a header: "HYLL", the encoding, three bytes that
// are not used, and the count that was last computed, little endian, whose top bit
// says that it no longer holds.
const (
	magic       = "HYLL"
	headerSize  = 16
	denseSize   = headerSize + denseWords*4
	staleAt     = headerSize - 1
	staleCount  = 0x80
	denseCode   = 0
	sparseCode  = 1
	encodingAt  = len(magic)
	maxSparse   = 3000 // bytes after which Redis, as it is installed, turns to dense
	sparseLimit = headerSize + maxSparse
)

// The sparse encoding is runs of registers: 00nnnnnn are n+1 that are 0, 01nnnnnn
// nnnnnnnn too, and 1vvvvvnn are n+1 of rank v+1.
const (
	longRun    = 0x40
	valueRun   = 0x80
	maxZeros   = 1 << 6
	maxValues  = 1 << 2
	sparseRank = 1 << 5 // higher ranks need the dense encoding
)

// AppendRedis writes the sketch as Redis keeps it in a string, without a cached
// count: 18 bytes and up to 3 for each element, at most 12,304.
func (s *Sketch) AppendRedis(dst []byte) []byte {
	from := len(dst)
	dst = appendHeader(dst, sparseCode)
	if !s.dense() {
		sparse, ok := appendSparse(dst, s.words)
		if ok && len(sparse)-from <= sparseLimit {
			return sparse
		}
	}
	dst[from+encodingAt] = denseCode
	words := s.words
	if !s.dense() {
		words = spread(words)
	}
	for _, w := range words {
		dst = binary.LittleEndian.AppendUint32(dst, w)
	}
	return dst
}

func appendHeader(dst []byte, encoding byte) []byte {
	var h [headerSize]byte
	copy(h[:], magic)
	h[encodingAt], h[staleAt] = encoding, staleCount
	return append(dst, h[:]...)
}

// appendSparse writes runs. It gives false where a rank is too high for them.
func appendSparse(dst []byte, entries []uint32) ([]byte, bool) {
	next := uint32(0) // the first register that is not written yet
	for len(entries) > 0 {
		register, rank := entries[0]>>rankBits, entries[0]&rankMask
		if rank > sparseRank {
			return dst, false
		}
		dst = appendZeros(dst, register-next)
		n := uint32(1)
		for n < maxValues && n < uint32(len(entries)) && entries[n] == (register+n)<<rankBits|rank {
			n++
		}
		dst = append(dst, byte(valueRun|(rank-1)<<2|(n-1)))
		next, entries = register+n, entries[n:]
	}
	return appendZeros(dst, registers-next), true
}

func appendZeros(dst []byte, n uint32) []byte {
	switch {
	case n == 0:
		return dst
	case n <= maxZeros:
		return append(dst, byte(n-1))
	}
	return append(dst, byte(longRun|(n-1)>>8), byte(n-1))
}
