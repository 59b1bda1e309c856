package jinja

// Set is Python's set. Sets of ints print in Python's order; Python's own order
// of other elements changes from process to process, here it is that of
// insertion.
type Set struct{ d Dict }

// NewSet makes a set. The error is an item that is not hashable.
func NewSet(items ...Value) (*Set, error) {
	s := &Set{}
	for _, item := range items {
		if err := s.d.Set(item, None); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// Type is "set".
func (*Set) Type() string { return "set" }

// Len is the number of elements.
func (s *Set) Len() int { return s.d.live }

// Has says whether v is an element.
func (s *Set) Has(v Value) (bool, error) {
	_, ok, err := s.d.Get(v)
	return ok, err
}

// Items lists the elements.
func (s *Set) Items() []Value {
	items := s.d.Keys()
	if sorted, ok := intSetOrder(items); ok {
		return sorted
	}
	return items
}

// intSetOrder puts ints as CPython's hash table does: slot = value mod size,
// probing linearly up to nine slots on, then by perturbation.
func intSetOrder(items []Value) ([]Value, bool) {
	size := 8
	for _, v := range items {
		if n, ok := v.(Int); !ok || n < 0 {
			return nil, false
		}
	}
	slots := make([]Value, size)
	fill := 0
	for _, v := range items {
		putInt(slots, v)
		fill++
		if fill*5 >= (size-1)*3 {
			grown := fill * 4
			if fill > 50000 {
				grown = fill * 2
			}
			for size = 8; size <= grown; size <<= 1 {
			}
			old := slots
			slots = make([]Value, size)
			for _, o := range old {
				if o != nil {
					putInt(slots, o)
				}
			}
		}
	}
	out := make([]Value, 0, len(items))
	for _, v := range slots {
		if v != nil {
			out = append(out, v)
		}
	}
	return out, true
}

func putInt(slots []Value, v Value) {
	const probes = 9
	mask := uint64(len(slots) - 1)
	hash := uint64(v.(Int))
	i, perturb := hash&mask, hash
	for {
		last := i
		if i+probes <= mask {
			last = i + probes
		}
		for j := i; j <= last; j++ {
			if slots[j] == nil {
				slots[j] = v
				return
			}
		}
		perturb >>= 5
		i = (i*5 + 1 + perturb) & mask
	}
}
