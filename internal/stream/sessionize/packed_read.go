package sessionize

import (
	"encoding/binary"

	"github.com/tiendi/tiendi/internal/event"
)

// packed reads values from the front of b. After the first that is not there, bad
// holds.
type packed struct {
	b   []byte
	bad bool
}

func (p *packed) uint() uint64 {
	if len(p.b) > 0 && p.b[0] < 0x80 { // most are short
		v := p.b[0]
		p.b = p.b[1:]
		return uint64(v)
	}
	v, n := binary.Uvarint(p.b)
	if n <= 0 {
		p.bad = true
		return 0
	}
	p.b = p.b[n:]
	return v
}

func (p *packed) int() int64 {
	v := p.uint()
	return int64(v>>1) ^ -int64(v&1)
}

func (p *packed) take(n uint64) []byte {
	if n > uint64(len(p.b)) {
		p.bad = true
		return nil
	}
	v := p.b[:n]
	p.b = p.b[n:]
	return v
}

func (p *packed) id(into *event.ID) { copy(into[:], p.take(uint64(len(into)))) }

// event reads an id that may be short.
func (p *packed) event(into *event.ID, short bool) {
	if !short {
		p.id(into)
		return
	}
	*into = event.ID{shortID: drawn}
	copy(into[:], p.take(shortID))
}

// bytes reads a length and so many bytes, a part of b.
func (p *packed) bytes() []byte { return p.take(p.uint()) }

// count is a number of things that take at least size bytes each.
func (p *packed) count(size int) int {
	n := p.uint()
	if n > uint64(len(p.b)/size) {
		p.bad = true
		return 0
	}
	return int(n)
}
