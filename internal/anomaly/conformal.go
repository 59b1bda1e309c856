package anomaly

import (
	"math"
	"slices"
)

// The rarest tailShare of deviations are few: beyond them the tail goes on as an
// exponential one, as steep as it is from tailFrom times as many on. At least
// tailLeast deviations are behind its beginning.
const (
	tailShare = 0.01
	tailFrom  = 5
	tailLeast = 10
)

// The past has anomalies of its own, which would hide the next ones. What is
// further off than outlier times the spread that the ordinary bulk has (by the
// deviation that a tenth exceeds, as of a normal distribution) is left out.
const (
	outlier   = 4
	bulkShare = 0.1
	bulkSize  = 1.645
)

// calibration is how large deviations of ordinary days are.
type calibration struct {
	sizes []float64 // the largest first
	share float64   // where the tail begins
	begin float64   // the size there
	scale float64   // of the tail
}

// leastCalibration is how many days a calibration needs.
const leastCalibration = 40

// calibrate learns from the deviations of ordinary days, which it sorts.
func calibrate(deviations []float64) (*calibration, bool) {
	n := len(deviations)
	if n < leastCalibration {
		return nil, false
	}
	for i, d := range deviations {
		deviations[i] = -math.Abs(d)
	}
	slices.Sort(deviations)
	for i := range deviations {
		deviations[i] = -deviations[i]
	}
	c := &calibration{sizes: deviations}
	most := outlier / bulkSize * c.quantile(bulkShare)
	c.sizes = deviations[slices.IndexFunc(deviations, func(size float64) bool { return size <= most }):]
	c.share = min(0.1, max(tailShare, float64(tailLeast)/float64(len(c.sizes)+1)))
	c.begin = c.quantile(c.share)
	c.scale = (c.begin - c.quantile(min(0.5, tailFrom*c.share))) / math.Log(min(0.5, tailFrom*c.share)/c.share)
	return c, c.scale > 0
}

// quantile is the size that a share of ordinary days exceeds.
func (c *calibration) quantile(share float64) float64 {
	rank := int(share * float64(len(c.sizes)+1))
	return c.sizes[min(max(rank-1, 0), len(c.sizes)-1)]
}

// p is the share of ordinary days that are as far off as that.
func (c *calibration) p(deviation float64) float64 {
	size := math.Abs(deviation)
	if size > c.begin {
		return c.share * math.Exp(-(size-c.begin)/c.scale)
	}
	larger, _ := slices.BinarySearchFunc(c.sizes, size, func(have, want float64) int {
		if have >= want {
			return -1
		}
		return 1
	})
	return float64(larger+1) / float64(len(c.sizes)+1)
}

// size is how far off a share of ordinary days is at least: the inverse of p.
func (c *calibration) size(share float64) float64 {
	if share < c.share {
		return c.begin + c.scale*math.Log(c.share/share)
	}
	return c.quantile(share)
}

// discoveries gives the largest p that still holds at a false discovery rate,
// 0 where none does.
func discoveries(ps []float64, rate float64) float64 {
	sorted := slices.Clone(ps)
	slices.Sort(sorted)
	limit := 0.0
	for i, p := range sorted {
		if p <= rate*float64(i+1)/float64(len(sorted)) {
			limit = p
		}
	}
	return limit
}
