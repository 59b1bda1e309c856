package sketch

import "math"

// Count estimates how many different elements were added: exactly what PFCOUNT
// says of the same registers. It is the improved raw estimator of Otmar Ertl, "New
// cardinality estimation algorithms for HyperLogLog sketches", 2017
// (arXiv:1702.01284), algorithm 6, which Redis uses since version 4.
func (s *Sketch) Count() uint64 {
	var having [maxRank + 1]int // registers by their rank
	having[0] = registers
	s.each(func(_ uint32, rank uint8) {
		having[0]--
		having[rank]++
	})
	const m = float64(registers)
	z := m * tau((m-float64(having[maxRank]))/m)
	for rank := hashBits; rank >= 1; rank-- {
		z = (z + float64(having[rank])) * 0.5
	}
	// The conversions here and below forbid to fuse a product with a sum, which
	// rounds otherwise: all machines must give one number.
	z += float64(m * sigma(float64(having[0])/m))
	const alpha = 0.721347520444481703680 // 1 / (2 ln 2)
	return uint64(math.Round(alpha * m * m / z))
}

// sigma is x + Σ x^(2^k) · 2^(k-1) over k ≥ 1: it corrects for registers that are
// still 0.
func sigma(x float64) float64 {
	if x == 1 {
		return math.Inf(1)
	}
	sum, factor := x, 1.0
	for before := -1.0; sum != before; factor += factor {
		x *= x
		before = sum
		sum += float64(x * factor)
	}
	return sum
}

// tau is ⅓ (1 − x − Σ (1 − x^(2^-k))² · 2^-k over k ≥ 1): it corrects for
// registers that can rise no more.
func tau(x float64) float64 {
	if x == 0 || x == 1 {
		return 0
	}
	sum, factor := 1-x, 1.0
	for before := -1.0; sum != before; {
		x = math.Sqrt(x)
		before = sum
		factor *= 0.5
		sum -= float64((1 - x) * (1 - x) * factor)
	}
	return sum / 3
}
