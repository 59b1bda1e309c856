package sessionize

import (
	"encoding/binary"

	"github.com/tiendi/tiendi/internal/event"
)

// Events are held packed, each as what differs from the one before it: some 20
// bytes where a struct has 96, and nothing in them for the garbage collector.

// Bits of a packed event's first byte: what follows of it.
const (
	hasPage = 1 << iota
	hasOrigin
	hasStore
	hasMoney
	hasUser // an id follows; without it there is none, or the one before's:
	sameUser
	hasView  // with sameView it is a short one
	sameView // without hasView
)

// hasWhole is beside the event's kind: its id is a whole one.
const hasWhole = 1

// pack appends events in order.
func pack(dst []byte, events []held) []byte {
	var before held
	for i := range events {
		dst = packOne(dst, &before, &events[i])
		before = events[i]
	}
	return dst
}

func packOne(dst []byte, before, e *held) []byte {
	at := len(dst)
	dst = append(dst, idBits(before.user, e.user, hasUser)|idBits(before.pageView, e.pageView, hasView))
	if isShort(&e.id) {
		dst = binary.AppendUvarint(dst, uint64(e.kind)<<1)
		dst = append(binary.AppendVarint(dst, e.at-before.at), e.id[:shortID]...)
	} else {
		dst = binary.AppendUvarint(dst, uint64(e.kind)<<1|hasWhole)
		dst = append(binary.AppendVarint(dst, e.at-before.at), e.id[:]...)
	}
	if dst[at]&hasUser != 0 {
		dst = append(dst, e.user[:]...)
	}
	if dst[at]&hasView != 0 {
		n := len(e.pageView)
		if isShort(&e.pageView) {
			n, dst[at] = shortID, dst[at]|sameView
		}
		dst = append(dst, e.pageView[:n]...)
	}
	for _, n := range [...]struct {
		bit         byte
		before, now name
	}{{hasPage, before.page, e.page}, {hasOrigin, before.origin, e.origin}, {hasStore, before.store, e.store}} {
		if n.before != n.now {
			dst[at] |= n.bit
			dst = binary.AppendUvarint(dst, uint64(n.now))
		}
	}
	if e.money != 0 {
		dst[at] |= hasMoney
		dst = binary.AppendVarint(dst, e.money)
	}
	return dst
}

// idBits: has is the bit of an id that follows, the next one that of the same as
// before.
func idBits(before, now event.ID, has byte) byte {
	switch {
	case now.IsZero():
		return 0
	case now == before:
		return has << 1
	}
	return has
}

// unpack appends the events of b to dst. It gives false where b is not packed
// events; what this process packed itself always is.
func unpack(dst []held, b []byte) ([]held, bool) {
	var e held
	for len(b) > 0 {
		if b = unpackOne(&e, b); b == nil {
			return dst, false
		}
		dst = append(dst, e)
	}
	return dst, true
}

// unpackOne makes the event before into the next, and gives the rest of b, nil
// where it ends early.
func unpackOne(e *held, b []byte) []byte {
	p := packed{b: b[1:]}
	bits, kind := b[0], p.uint()
	e.kind = uint32(kind >> 1)
	e.at += p.int()
	p.event(&e.id, kind&hasWhole == 0)
	switch {
	case bits&hasUser != 0:
		p.id(&e.user)
	case bits&sameUser == 0:
		e.user = event.ID{}
	}
	switch {
	case bits&hasView != 0:
		p.event(&e.pageView, bits&sameView != 0)
	case bits&sameView == 0:
		e.pageView = event.ID{}
	}
	p.rest(e, bits)
	if p.bad {
		return nil
	}
	return p.b
}

// rest reads what follows the ids of an event.
func (p *packed) rest(e *held, bits byte) {
	if bits&hasPage != 0 {
		e.page = name(p.uint())
	}
	if bits&hasOrigin != 0 {
		e.origin = name(p.uint())
	}
	if bits&hasStore != 0 {
		e.store = name(p.uint())
	}
	e.money = 0
	if bits&hasMoney != 0 {
		e.money = p.int()
	}
}
