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
	if body := p.unpacked(); body != nil {
		return body
	}
	*buffer = p.unpack(*buffer, p.bytes)
	return *buffer
}

// unpacked is the body of before, nil where it is not there any more.
func (p Packed) unpacked() []byte {
	if first := p.plain.Value(); first != nil {
		return unsafe.Slice(first, p.size)
	}
	return nil
}

// waiting is the message as it waits for readers: without a body that Packed has.
func (m Stored) waiting() Stored {
	if m.Packed.unpack != nil {
		m.Body = nil
	}
	return m
}

// weight is how many bytes a waiting message holds.
func (m Stored) weight() int { return len(m.Body) + len(m.Packed.bytes) }

// whole is a waiting message with its body, and whether that was unpacked anew.
func (m Stored) whole() (of Stored, anew bool) {
	if m.Packed.unpack == nil {
		return m, false
	}
	if m.Body = m.Packed.unpacked(); m.Body != nil {
		return m, false
	}
	m.Body = m.Packed.unpack(nil, m.Packed.bytes)
	m.Packed.plain = weak.Make(unsafe.SliceData(m.Body))
	return m, true
}
