package generate

import (
	"math/bits"

	"github.com/tiendi/tiendi/internal/event"
)

// kind keeps the sub-streams of different things apart.
type kind uint64

const (
	kindStore kind = iota + 1
	kindStoreName
	kindSubscription
	kindProduct
	kindPrice
	kindUser
	kindDay
	kindHour
	kindSession
	kindOrder
	kindProbe
	kindStoreOpening
	kindCompanion
)

// stream is SplitMix64 (Steele, Lea, Flood 2014): a counter that grows by the
// golden ratio, and a mixer over it. A stream for anything costs a few
// multiplications, so everything that is generated has its own, and nothing
// depends on what was drawn for anything else.
type stream struct{ state uint64 }

const golden = 0x9e3779b97f4a7c15

// newStream derives the sub-stream of one thing: its kind and its keys
// (an index; a day and an index) under the seed.
func newStream(seed uint64, k kind, keys ...uint64) stream {
	state := mix(seed+golden) ^ mix(uint64(k)*golden)
	for _, key := range keys {
		state = mix(state + golden ^ mix(key+golden))
	}
	return stream{state}
}

// mix is SplitMix64's finaliser (Stafford's variant 13).
func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

func (r *stream) next() uint64 {
	r.state += golden
	return mix(r.state)
}

// below draws from 0 to n-1; n must be positive.
func (r *stream) below(n int) int {
	hi, _ := bits.Mul64(r.next(), uint64(n))
	return int(hi)
}

// between draws from lo to hi, both included.
func (r *stream) between(lo, hi int) int { return lo + r.below(hi-lo+1) }

// chance is true perMille times in a thousand.
func (r *stream) chance(perMille int) bool { return r.below(1000) < perMille }

// normal draws from nearly a standard normal distribution, within ±6: the sum
// of twelve uniform numbers of 16 bits. It is integer arithmetic and a
// division by a power of two, hence the same on every processor.
func (r *stream) normal() float64 {
	const mean = 12 * 65535 / 2
	sum := 0
	for range 3 {
		x := r.next()
		sum += int(x&0xffff) + int(x>>16&0xffff) + int(x>>32&0xffff) + int(x>>48)
	}
	return float64(sum-mean) / 65536
}

// lognormal draws with the given median and the given deviation of the logarithm.
func (r *stream) lognormal(median int64, sigma float64) int64 {
	return int64(float64(median) * exp(sigma*r.normal()))
}

// id draws a UUID of version 4.
func (r *stream) id() event.ID {
	var id event.ID
	a, b := r.next(), r.next()
	for i := range 8 {
		id[i] = byte(a >> (56 - 8*i))
		id[8+i] = byte(b >> (56 - 8*i))
	}
	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80
	return id
}

// exp is e^x for |x| ≤ 16. math.Exp has assembly on some processors and the
// compiler fuses a*b+c on others; the conversions forbid that, so that the
// last bit, and with it a price, is the same everywhere.
func exp(x float64) float64 {
	const halvings = 10
	y := x / (1 << halvings)
	square := float64(y * y)
	result := 1 + y + square/2 + float64(square*y)/6
	for range halvings {
		result = float64(result * result)
	}
	return result
}

// pick draws one of items.
func pick[T any](r *stream, items []T) T { return items[r.below(len(items))] }

// weights is a table to draw from in proportion: running sums.
type weights []uint64

// weigh makes the running sums of n weights.
func weigh(n int, weight func(i int) uint64) weights {
	sums := make(weights, n)
	total := uint64(0)
	for i := range sums {
		total += weight(i)
		sums[i] = total
	}
	return sums
}

// draw gives an index. Drawing from a prefix of the table draws among the
// first things only, as they were before the others came.
func (w weights) draw(r *stream) int {
	x, _ := bits.Mul64(r.next(), w[len(w)-1])
	lo, hi := 0, len(w)-1
	for lo < hi {
		if mid := (lo + hi) / 2; w[mid] > x {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	return lo
}

// zipf weighs n ranks by 1/(rank+flat): flat is how many leaders share alike.
func zipf(n, flat int) weights {
	return weigh(n, func(i int) uint64 { return 1 << 32 / uint64(i+flat) })
}
