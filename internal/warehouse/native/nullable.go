package native

import "net"

// Nullable is a Nullable of another type: which rows are NULL, and a value for each.
type Nullable struct {
	nulls UInt8s
	of    Growing
}

// NewNullable makes one. Each row is added to the values first, a NULL as any value,
// and then marked.
func NewNullable(of Growing) *Nullable { return &Nullable{of: of} }

// Type implements Values.
func (n *Nullable) Type() string { return "Nullable(" + n.of.Type() + ")" }

// Rows implements Values.
func (n *Nullable) Rows() int { return n.nulls.Rows() }

// Reset implements Values.
func (n *Nullable) Reset() {
	n.nulls.Reset()
	n.of.Reset()
}

// Mark says whether the row that was added last is NULL.
func (n *Nullable) Mark(null bool) { n.nulls.AppendFlag(null) }

func (n *Nullable) stored(pieces net.Buffers) net.Buffers {
	return n.of.stored(n.nulls.stored(pieces))
}
