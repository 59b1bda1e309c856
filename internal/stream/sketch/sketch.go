package sketch

import "slices"

// Sketch is a set of which only its size can be asked. The zero Sketch is empty.
// Most hold a handful of visitors, some a hundred thousand, so it begins as a list
// and becomes an array of all registers when the list is long.
//
// Two sketches of the same elements are equal, whatever order those came in and
// whether they came by Add, Merge or Parse.
type Sketch struct {
	// words is either a sorted list of entries, register<<6 | rank, of the
	// registers that are not 0, or all registers, 6 bits each from the lowest bit
	// on, as Redis packs them. Their lengths never meet.
	words []uint32
}

const (
	denseWords = registers * rankBits / 32
	// maxEntries is about where Redis too gives up its short form: 3,000 bytes.
	maxEntries = 1024
)

// Of is a sketch of what Words gave, and works on that itself as far as its capacity goes.
func Of(words []uint32) Sketch { return Sketch{words} }

// Words are what a sketch consists of.
func (s *Sketch) Words() []uint32 { return s.words }

// MaxWords is how many words a sketch of many elements has, and no more come.
const MaxWords = denseWords

func (s *Sketch) dense() bool { return len(s.words) == denseWords }

// Add takes the hash of an element, and says whether the sketch changed.
func (s *Sketch) Add(hash uint64) bool { return s.raise(place(hash)) }

// Peek gives a word that Add of the hash will look at, for its place in memory and not for
// what it is.
func (s *Sketch) Peek(hash uint64) uint32 {
	register, _ := place(hash)
	switch {
	case len(s.words) == 0:
		return 0
	case s.dense():
		return s.words[register*rankBits/32]
	}
	return s.words[likely(s.words, register)]
}

// Merge makes s the union of both.
func (s *Sketch) Merge(other *Sketch) {
	switch {
	case s.dense() && other.dense():
		mergeDense(s.words, other.words)
	case s.dense():
		other.each(func(register uint32, rank uint8) { raiseDense(s.words, register, rank) })
	case other.dense():
		s.words = spread(s.words)
		mergeDense(s.words, other.words)
	default:
		s.words = union(s.words, other.words)
	}
}

// union is what two lists make together.
func union(a, b []uint32) []uint32 {
	all := make([]uint32, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		switch left, right := a[0]>>rankBits, b[0]>>rankBits; {
		case left < right:
			all, a = append(all, a[0]), a[1:]
		case left > right:
			all, b = append(all, b[0]), b[1:]
		default:
			all, a, b = append(all, max(a[0], b[0])), a[1:], b[1:]
		}
	}
	if all = append(append(all, a...), b...); len(all) > maxEntries {
		return spread(all)
	}
	return all
}

// raise lifts a register to a rank where it is lower.
func (s *Sketch) raise(register uint32, rank uint8) bool {
	if s.dense() {
		return raiseDense(s.words, register, rank)
	}
	at := search(s.words, register)
	entry := register<<rankBits | uint32(rank)
	switch {
	case at < len(s.words) && s.words[at]>>rankBits == register:
		if s.words[at] >= entry {
			return false
		}
		s.words[at] = entry
	case len(s.words) < maxEntries:
		s.words = slices.Insert(s.words, at, entry)
	default:
		s.words = spread(s.words)
		return raiseDense(s.words, register, rank)
	}
	return true
}

// search gives the place of a register in a list. Hashes are spread evenly, so it is near
// where it would be if the list were.
func search(entries []uint32, register uint32) int {
	at := likely(entries, register)
	for at > 0 && entries[at-1]>>rankBits >= register {
		at--
	}
	for at < len(entries) && entries[at]>>rankBits < register {
		at++
	}
	return at
}

func likely(entries []uint32, register uint32) int { return int(register) * len(entries) / registers }

// spread makes all registers of a list.
func spread(entries []uint32) []uint32 {
	words := make([]uint32, denseWords)
	for _, e := range entries {
		raiseDense(words, e>>rankBits, uint8(e&rankMask))
	}
	return words
}

func raiseDense(words []uint32, register uint32, rank uint8) bool {
	old := rankDense(words, register)
	if old >= rank {
		return false
	}
	bit := register * rankBits
	flip := uint64(old^rank) << (bit % 32)
	words[bit/32] ^= uint32(flip)
	if flip>>32 != 0 { // the register goes on in the next word
		words[bit/32+1] ^= uint32(flip >> 32)
	}
	return true
}

func rankDense(words []uint32, register uint32) uint8 {
	bit := register * rankBits
	at := bit / 32
	pair := uint64(words[at])
	if bit%32 > 32-rankBits {
		pair |= uint64(words[at+1]) << 32
	}
	return uint8(pair >> (bit % 32) & rankMask)
}

// each gives the registers that are not 0, in their order.
func (s *Sketch) each(take func(register uint32, rank uint8)) {
	if !s.dense() {
		for _, e := range s.words {
			take(e>>rankBits, uint8(e&rankMask))
		}
		return
	}
	for r := range uint32(registers) {
		if rank := rankDense(s.words, r); rank > 0 {
			take(r, rank)
		}
	}
}
