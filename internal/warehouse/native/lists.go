package native

import "net"

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
