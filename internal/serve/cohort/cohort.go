// Package cohort says how one store stands among others without telling any of them.
//
// What is told is an average of three neighbours in the order of values, or four, never of
// the least or the greatest, and rounded to two digits; nothing is told of fewer stores than
// the minimum, nor where one of the neighbours is nearly all of their sum (the dominance
// rule of statistical disclosure control). The store itself is not among the others, so
// that its own figures move none of this.
package cohort

import (
	"math"
	"slices"
)

// Least is the smallest minimum: the middle three of five are neither end.
const Least = 5

// dominant is the share of a sum above which it says what its largest part is.
const dominant = 0.8

// Standing is where a value lies among others. What is nil is not told.
type Standing struct {
	Stores               int // at least so many others: 5, 10, 20, 50, 100, 200, …
	Median, Lower, Upper *float64
	Percentile           *int // of the others, so many per cent are below: in tens
}

// Among places own, nil for none, among the values of others. It is the zero Standing where
// these are fewer than minimum; quartiles want twice as many.
func Among(own *float64, others []float64, minimum int) Standing {
	n := len(others)
	if n < max(minimum, Least) {
		return Standing{}
	}
	sorted := slices.Sorted(slices.Values(others))
	s := Standing{Stores: band(n), Median: blurred(sorted[(n-3+n%2)/2 : (n+3+1-n%2)/2])}
	if n >= 2*max(minimum, Least) {
		at := int(math.Round(float64(n-1) / 4))
		s.Lower, s.Upper = blurred(sorted[at-1:at+2]), blurred(sorted[n-at-2:n-at+1])
	}
	if own != nil {
		below := 0.0
		for _, v := range sorted {
			if v < *own {
				below++
			} else if v == *own {
				below += 0.5
			}
		}
		tens := int(math.Round(below/float64(n)*10)) * 10
		s.Percentile = &tens
	}
	return s
}

// band hides how many there are exactly, so that one more or less is not seen.
func band(n int) int {
	at := Least
	for _, factor := range []int{2, 4, 10} {
		for decade := Least; decade <= n; decade *= 10 {
			if decade*factor <= n {
				at = max(at, decade*factor)
			}
		}
	}
	return at
}

// blurred is the average of neighbours to two digits, nil where one of them dominates it.
func blurred(neighbours []float64) *float64 {
	sum, size, largest := 0.0, 0.0, 0.0
	for _, v := range neighbours {
		sum, size, largest = sum+v, size+math.Abs(v), max(largest, math.Abs(v))
	}
	if largest > dominant*size {
		return nil
	}
	mean := sum / float64(len(neighbours))
	if mean != 0 {
		unit := math.Pow(10, math.Floor(math.Log10(math.Abs(mean)))-1)
		mean = math.Round(mean/unit) * unit
	}
	return &mean
}
