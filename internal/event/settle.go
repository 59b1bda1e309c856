package event

import "slices"

// maxMembers is how many keys of an object the fast path can tell apart.
const maxMembers = 64

// settle makes the node ready for walking, once it is whole. It gives false
// where it has more members than the fast path can hold.
func (n *node) settle() bool {
	ok := len(n.members) <= maxMembers
	n.required = 0
	for i := range n.members {
		m := &n.members[i]
		m.refused = n.closed && !slices.Contains(n.allowed, m.key)
		if m.required {
			n.required |= 1 << (i % maxMembers)
		}
		ok = m.node.settle() && ok
	}
	return (n.items == nil || n.items.settle()) && ok
}

// find looks for a key from *next on, which it moves behind what it finds:
// senders mostly keep to the schema's order.
func (n *node) find(key []byte, next *int) *member {
	for range n.members {
		if *next >= len(n.members) {
			*next = 0
		}
		m := &n.members[*next]
		*next++
		if m.key == string(key) {
			return m
		}
	}
	return nil
}
