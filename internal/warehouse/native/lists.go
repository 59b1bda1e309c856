package native

import (
	"encoding/binary"
	"net"
)

// UUIDLists is an Array(UUID): where each list ends, and the values of all.
type UUIDLists struct {
	ends UInt64s
	all  UUIDs
}

// Type implements Values.
func (*UUIDLists) Type() string { return "Array(UUID)" }

// Rows implements Values.
func (l *UUIDLists) Rows() int { return l.ends.Rows() }

// Reset implements Values.
func (l *UUIDLists) Reset() {
	l.ends.Reset()
	l.all.Reset()
}

// Add adds a value to the list in the making.
func (l *UUIDLists) Add(id [16]byte) { l.all.Append(id) }

// End ends that list.
func (l *UUIDLists) End() { l.ends.Append(uint64(l.all.Rows())) }

func (l *UUIDLists) stored(pieces net.Buffers) net.Buffers {
	return l.all.stored(l.ends.stored(pieces))
}

// Lists is an Array of another type: where each list ends, and the values of all.
type Lists struct {
	ends UInt64s
	of   Growing
}

// NewLists makes one. The values of a list are added to of, then Close ends it.
func NewLists(of Growing) *Lists { return &Lists{of: of} }

// Type implements Values.
func (l *Lists) Type() string { return "Array(" + l.of.Type() + ")" }

// Rows implements Values.
func (l *Lists) Rows() int { return l.ends.Rows() }

// Reset implements Values.
func (l *Lists) Reset() {
	l.ends.Reset()
	l.of.Reset()
}

// Close ends the list in the making.
func (l *Lists) Close() { l.ends.Append(uint64(l.of.Rows())) }

// last is where the last list ends.
func (l *Lists) last() int {
	if l.Rows() == 0 {
		return 0
	}
	return int(binary.LittleEndian.Uint64(l.ends.data[len(l.ends.data)-8:]))
}

func (l *Lists) stored(pieces net.Buffers) net.Buffers {
	return l.of.stored(l.ends.stored(pieces))
}
