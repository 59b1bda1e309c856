package sketch

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// ErrFormat: the bytes are no HyperLogLog of Redis, or a damaged one.
var ErrFormat = errors.New("not a HyperLogLog of Redis")

// Parse reads what AppendRedis or Redis wrote. A cached count is not read. It takes
// no more memory than a dense sketch, whatever the bytes. An error is ErrFormat.
func Parse(b []byte) (*Sketch, error) {
	if len(b) < headerSize || string(b[:len(magic)]) != magic {
		return nil, fmt.Errorf("%w: want %q and %d bytes or more", ErrFormat, magic, headerSize)
	}
	switch encoding := b[encodingAt]; encoding {
	case denseCode:
		return parseDense(b)
	case sparseCode:
		return parseSparse(b[headerSize:])
	default:
		return nil, fmt.Errorf("%w: encoding %d", ErrFormat, encoding)
	}
}

func parseDense(b []byte) (*Sketch, error) {
	if len(b) != denseSize {
		return nil, fmt.Errorf("%w: %d bytes, a dense one has %d", ErrFormat, len(b), denseSize)
	}
	s := Sketch{words: make([]uint32, denseWords)}
	for i := range s.words {
		s.words[i] = binary.LittleEndian.Uint32(b[headerSize+4*i:])
	}
	set, highest := survey(s.words)
	if highest > maxRank {
		return nil, fmt.Errorf("%w: a register of %d, and %d is the most", ErrFormat, highest, maxRank)
	}
	if set > maxEntries {
		return &s, nil
	}
	list := make([]uint32, 0, set)
	s.each(func(register uint32, rank uint8) { list = append(list, register<<rankBits|uint32(rank)) })
	return &Sketch{words: list}, nil
}

func parseSparse(runs []byte) (*Sketch, error) {
	s, next := Sketch{words: make([]uint32, 0, min(len(runs), maxEntries))}, uint32(0)
	for len(runs) > 0 {
		rank, n, size := uint8(0), uint32(runs[0]&0x3f)+1, 1
		switch {
		case runs[0]&valueRun != 0:
			rank, n = runs[0]>>2&(sparseRank-1)+1, uint32(runs[0]&(maxValues-1))+1
		case runs[0]&longRun != 0:
			if len(runs) == 1 {
				return nil, fmt.Errorf("%w: it ends within a run", ErrFormat)
			}
			n, size = uint32(runs[0]&0x3f)<<8|uint32(runs[1])+1, 2
		}
		if n > registers-next {
			return nil, fmt.Errorf("%w: runs over more than %d registers", ErrFormat, registers)
		}
		for ; rank > 0 && n > 0; n-- {
			s.follow(next, rank)
			next++
		}
		next += n
		runs = runs[size:]
	}
	if next != registers {
		return nil, fmt.Errorf("%w: runs over %d registers, not %d", ErrFormat, next, registers)
	}
	return &s, nil
}

// follow sets a register behind all that are set.
func (s *Sketch) follow(register uint32, rank uint8) {
	if s.dense() || len(s.words) == maxEntries {
		s.raise(register, rank)
		return
	}
	s.words = append(s.words, register<<rankBits|uint32(rank))
}
