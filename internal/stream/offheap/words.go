package offheap

import "unsafe"

// Words is Bytes of a block that has numbers, up to MaxBlock/4 of them. Its capacity is that
// of the block.
func (s *Slab) Words(b Block, n int) []uint32 {
	if n == 0 {
		return nil
	}
	first := &s.bytes[(b-1)/pageUnits][int(b-1)%pageUnits*unit]
	return unsafe.Slice((*uint32)(unsafe.Pointer(first)), int(blockUnits[classOf(4*n)])*unit/4)[:n]
}

// PutWords is Put of numbers, which may be what Words gave, changed and longer.
func (s *Slab) PutWords(b Block, was int, words []uint32) Block {
	if was > 0 && len(words) > 0 && &s.Words(b, was)[0] == &words[0] {
		return b
	}
	if len(words) == 0 {
		return s.Put(b, 4*was, nil)
	}
	return s.Put(b, 4*was, unsafe.Slice((*byte)(unsafe.Pointer(&words[0])), 4*len(words)))
}
