package broker

// Packed is a body as whoever has to wait holds it: as the broker sent it, which may be
// a fraction of its size.
type Packed struct {
	Bytes []byte
	// Unpack makes the body of the bytes, in a buffer where it has the room; nil where
	// they are the body.
	Unpack func(buffer, bytes []byte) []byte
}

// Body gives the body. It may lie in the buffer, or be the bytes themselves.
func (p Packed) Body(buffer []byte) []byte {
	if p.Unpack == nil {
		return p.Bytes
	}
	return p.Unpack(buffer, p.Bytes)
}
