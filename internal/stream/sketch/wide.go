package sketch

import "math/bits"

// All registers of an array are looked at eight at a time: 48 bits, spread over the bytes
// of a word, so that none runs into the next.

const (
	wide = 8 // registers
	tops = 0x8080808080808080
)

// The bits of two halves, four quarters and eight registers, in the lower half of what they
// are spread over.
const (
	halves   = 0x0000_0000_00ff_ffff
	quarters = 0x0000_0fff_0000_0fff
	eighths  = 0x003f_003f_003f_003f
)

// eight gives the nth eight registers of an array, a byte each.
func eight(words []uint32, n int) uint64 {
	at := n * wide * rankBits / 32
	x := uint64(words[at]) | uint64(words[at+1])<<32
	if n%2 != 0 {
		x >>= 16
	}
	x = x&halves | (x>>24&halves)<<32
	x = x&quarters | (x>>12&quarters)<<16
	return x&eighths | (x>>6&eighths)<<8
}

// putEight is the reverse of eight.
func putEight(words []uint32, n int, x uint64) {
	x = x&eighths | (x>>8&eighths)<<6
	x = x&quarters | (x>>16&quarters)<<12
	x = x&halves | (x>>32&halves)<<24
	at := n * wide * rankBits / 32
	if n%2 == 0 {
		words[at] = uint32(x)
		words[at+1] = words[at+1]&^0xffff | uint32(x>>32)
		return
	}
	words[at] = words[at]&0xffff | uint32(x<<16)
	words[at+1] = uint32(x >> 16)
}

// higher is the greater byte of each two, which are below 128.
func higher(a, b uint64) uint64 {
	left := ((a | tops) - b) & tops // the top bits stay where a is not the smaller
	mask := left - left>>7 | left
	return a&mask | b&^mask
}

// mergeDense lifts all registers of an array to those of another.
func mergeDense(words, other []uint32) {
	for n := range registers / wide {
		putEight(words, n, higher(eight(words, n), eight(other, n)))
	}
}

// survey says how many registers of an array are not 0, and the highest rank.
func survey(words []uint32) (set int, highest uint8) {
	var columns uint64
	for n := range registers / wide {
		x := eight(words, n)
		set += bits.OnesCount64((x + ^uint64(tops)) & tops)
		columns = higher(columns, x)
	}
	for ; columns > 0; columns >>= 8 {
		highest = max(highest, uint8(columns))
	}
	return set, highest
}
