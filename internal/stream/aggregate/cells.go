package aggregate

import (
	"github.com/tiendi/tiendi/internal/stream/offheap"
	"github.com/tiendi/tiendi/internal/stream/sketch"
)

// cells are the windows of a period. They and their sketches lie outside the collector's
// heap: there may be a million, which live as long as the period does.
type cells struct {
	count    uint32
	memory   *offheap.Memory
	room     []cell // that they are the first ones of: pages that nobody has touched take no memory
	sketches *offheap.Slab
	longer   []uint32 // used again and again
}

const fewestCells = 64

func newCells() cells {
	m := offheap.New()
	return cells{memory: m, sketches: offheap.NewSlab(m)}
}

// at gives a cell, valid until the next is made.
func (s *cells) at(n uint32) *cell { return &s.room[n] }

// add makes the next cell, of a key that has none, and gives its number.
func (s *cells) add(k *key) (n uint32) {
	n = s.count
	if int(n) == len(s.room) {
		before := s.room
		s.room = offheap.Slice[cell](s.memory, max(fewestCells, 2*len(before)))
		copy(s.room, before)
		offheap.Free(s.memory, before)
	}
	s.count++
	s.at(n).dimensions = k.dimensions
	return n
}

// visitors gives a cell's sketch, valid until that changes.
func (s *cells) visitors(c *cell) sketch.Sketch {
	return sketch.Of(s.sketches.Words(c.block, int(c.words)))
}

// appendVisitors writes a cell's sketch in Redis's format.
func (s *cells) appendVisitors(dst []byte, n uint32) []byte {
	visitors := s.visitors(s.at(n))
	return visitors.AppendRedis(dst)
}

// see adds a visitor's hash to a cell's sketch, and says whether that changed.
func (s *cells) see(c *cell, hash uint64) bool {
	words := s.sketches.Words(c.block, int(c.words))
	full := len(words) == cap(words) && len(words) < sketch.MaxWords
	if full { // it may become longer
		s.longer = append(append(s.longer[:0], words...), 0)
		words = s.longer[:len(words)]
	}
	visitors := sketch.Of(words)
	if !visitors.Add(hash) {
		return false
	}
	if full || len(visitors.Words()) != len(words) {
		s.keep(c, &visitors)
	}
	return true
}

// touch reads what see will of the windows of a visit. Each lies somewhere else in memory,
// and reads that do not depend on each other wait together.
func (s *cells) touch(v *visit) {
	for i := range v.changes {
		v.touched ^= uint32(s.at(v.changes[i].cell).words)
	}
	for i := range v.changes {
		visitors := s.visitors(s.at(v.changes[i].cell))
		v.touched ^= visitors.Peek(v.visitor)
	}
}

// keep stores a sketch in place of a cell's.
func (s *cells) keep(c *cell, visitors *sketch.Sketch) {
	words := visitors.Words()
	c.block = s.sketches.PutWords(c.block, int(c.words), words)
	c.words = uint16(len(words))
}
