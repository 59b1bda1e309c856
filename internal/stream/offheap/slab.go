package offheap

import (
	"encoding/binary"

	"golang.org/x/sys/unix"
)

// Blocks are of some sizes, each a number of units. A page has blocks of one size; when
// none of them is in use any more, it may have those of another.
const (
	unit      = 16
	pageUnits = 4096
	pageSize  = unit * pageUnits
	// MaxBlock is the most that a block of a Slab holds, in bytes.
	MaxBlock = 12 << 10
	// pagesAtOnce are asked for together, and as many unused ones are kept.
	pagesAtOnce = 16
)

// blockUnits are the sizes: not more than a fifth of a block is left over, but for the
// smallest ones.
var blockUnits = [...]uint16{
	1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 16, 18, 20, 24, 28, 32, 36, 40, 48, 56, 64, 72, 80, 96, 112, 128, 144, 160, 192, 224, 256,
	288, 320, 384, 448, 512, 576, 640, 768,
}

// classes are the indices in blockUnits of the sizes for so many units.
var classes = func() (of [MaxBlock/unit + 1]uint8) {
	class := 0
	for units := range of {
		if units > int(blockUnits[class]) {
			class++
		}
		of[units] = uint8(class)
	}
	return of
}()

func classOf(size int) uint8 { return classes[(size+unit-1)/unit] }

// unused is the class of a page without blocks.
const unused = uint8(len(blockUnits))

// Block names a block of a Slab, 0 none.
type Block uint32

// page is what is known of one. Units are counted from 1; 0 is none.
type page struct {
	free  uint16 // the newest block that was given back, which has the next one in it
	next  uint16 // units that were ever in use
	live  uint16 // blocks in use
	class uint8
}

func (p *page) full() bool { return p.free == 0 && p.next+blockUnits[p.class] > pageUnits }

// Slab holds pieces of up to MaxBlock bytes, which may change their length.
type Slab struct {
	memory *Memory
	bytes  [][]byte // of the pages
	pages  []page
	empty  []int                  // pages without blocks
	room   [len(blockUnits)][]int // pages with room for a block of a size; others may be among them
}

// NewSlab takes pages of a Memory.
func NewSlab(m *Memory) *Slab { return &Slab{memory: m} }

// Bytes are the first size bytes of a block. They are valid until the block is freed.
func (s *Slab) Bytes(b Block, size int) []byte {
	if size == 0 {
		return nil
	}
	at := int(b-1) % pageUnits * unit
	return s.bytes[(b-1)/pageUnits][at : at+size : at+size]
}

// Put stores a piece in place of one of was bytes in block b, and gives its block. The
// piece must not be a part of what it replaces.
func (s *Slab) Put(b Block, was int, piece []byte) Block {
	if was > 0 && len(piece) > 0 && classOf(was) == classOf(len(piece)) {
		copy(s.Bytes(b, len(piece)), piece)
		return b
	}
	if was > 0 {
		s.release(b)
	}
	if len(piece) == 0 {
		return 0
	}
	b = s.take(classOf(len(piece)))
	copy(s.Bytes(b, len(piece)), piece)
	return b
}

func (s *Slab) take(class uint8) Block {
	at := s.pageFor(class)
	p := &s.pages[at]
	first := p.free
	if first != 0 {
		p.free = binary.NativeEndian.Uint16(s.bytes[at][int(first-1)*unit:])
	} else {
		first = p.next + 1
		p.next += blockUnits[class]
	}
	p.live++
	return Block(at*pageUnits) + Block(first)
}

// pageFor gives a page with room for a block of a size.
func (s *Slab) pageFor(class uint8) int {
	for room := &s.room[class]; len(*room) > 0; *room = (*room)[:len(*room)-1] {
		at := (*room)[len(*room)-1]
		if p := &s.pages[at]; p.class == class && !p.full() {
			return at
		}
	}
	if len(s.empty) == 0 {
		s.grow()
	}
	at := s.empty[len(s.empty)-1]
	s.empty = s.empty[:len(s.empty)-1]
	s.pages[at] = page{class: class}
	s.room[class] = append(s.room[class], at)
	return at
}

func (s *Slab) grow() {
	all := Slice[byte](s.memory, pagesAtOnce*pageSize)
	for from := 0; from < len(all); from += pageSize {
		s.empty = append(s.empty, len(s.pages))
		s.bytes = append(s.bytes, all[from:from+pageSize])
		s.pages = append(s.pages, page{class: unused})
	}
}

// release gives a block back, and with the last one its page.
func (s *Slab) release(b Block) {
	at, first := int(b-1)/pageUnits, uint16((b-1)%pageUnits+1)
	p := &s.pages[at]
	was := p.full()
	binary.NativeEndian.PutUint16(s.bytes[at][int(first-1)*unit:], p.free)
	p.free = first
	if p.live--; p.live > 0 {
		if was {
			s.room[p.class] = append(s.room[p.class], at)
		}
		return
	}
	*p = page{class: unused}
	if s.empty = append(s.empty, at); len(s.empty) > pagesAtOnce {
		_ = unix.Madvise(s.bytes[at], unix.MADV_DONTNEED) // advice
	}
}
