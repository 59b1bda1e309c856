package broker

import (
	"unsafe"
	"weak"
)

// Packed is a body as whoever has to wait holds it: as the broker sent it, which may be
// a fraction of its size.
type Packed struct {
	bytes  []byte
	unpack func(buffer, bytes []byte) []byte // nil where the bytes are the body
	// The body that was unpacked before, for as long as it is not collected: to unpack it
	// once more for each who held it would be a thirtieth of a worker's work.
	plain weak.Pointer[byte]
	size  int
}

// Pack gives what to hold of a body. Unpack makes it of the bytes, in a buffer where that
// has the room.
func Pack(body, bytes []byte, unpack func(buffer, bytes []byte) []byte) Packed {
	return Packed{bytes: bytes, unpack: unpack, plain: weak.Make(unsafe.SliceData(body)), size: len(body)}
}

// held is p, or else the body itself.
func (p Packed) held(body []byte) Packed {
	if p.unpack == nil {
		p.bytes = body
	}
	return p
}

// Body gives the body, which must not be changed. Where it is unpacked anew, it lies in the
// buffer, which grows for it.
func (p Packed) Body(buffer *[]byte) []byte {
	if p.unpack == nil {
		return p.bytes
	}
	if first := p.plain.Value(); first != nil {
		return unsafe.Slice(first, p.size)
	}
	*buffer = p.unpack(*buffer, p.bytes)
	return *buffer
}
