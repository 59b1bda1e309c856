package cohort

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func upTo(n int) (values []float64) {
	for i := range n {
		values = append(values, float64(i+1))
	}
	return values
}

func text(v *float64) string {
	if v == nil {
		return "-"
	}
	return fmt.Sprintf("%g", *v)
}

func TestAmong(t *testing.T) {
	own := 7.0
	for _, c := range []struct {
		others  []float64
		minimum int
		want    string
	}{
		{upTo(4), 0, "0 - - -"}, {upTo(4), 2, "0 - - -"}, {upTo(7), 8, "0 - - -"},
		{upTo(5), 5, "5 - 3 -"}, {upTo(6), 5, "5 - 3.5 -"}, {upTo(9), 5, "5 - 5 -"}, {upTo(10), 5, "10 3 5.5 8"}, {upTo(10), 6, "10 - 5.5 -"},
		{upTo(19), 5, "10 6 10 14"}, {upTo(20), 5, "20 6 11 15"}, {upTo(1234), 5, "1000 310 620 930"},
		{[]float64{0, 0, 0, 1000, 1000}, 5, "5 - - -"},                   // one of the middle three is all of it
		{[]float64{0, 0, 0, 0, 5000}, 5, "5 - 0 -"},                      // the greatest is not told
		{[]float64{12345, 12345, 12345, 12345, 12345}, 5, "5 - 12000 -"}, // to two digits
	} {
		s := Among(&own, c.others, c.minimum)
		if got := fmt.Sprintln(s.Stores, text(s.Lower), text(s.Median), text(s.Upper)); got != c.want+"\n" {
			t.Errorf("%v of at least %d: %s, want %s", c.others, c.minimum, got, c.want)
		}
	}
	if s := Among(&own, upTo(9), 5); *s.Percentile != 70 {
		t.Errorf("percentile %d", *s.Percentile)
	}
	if s := Among(nil, upTo(9), 5); s.Percentile != nil || s.Median == nil {
		t.Errorf("without a value: %+v", s)
	}
}

// TestNothingOfOneStore: whatever one of the others has, or whether it is there at all, what
// is told is within two digits of what three others alone would make of it; and one that is
// far from all others is never told.
func TestNothingOfOneStore(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		others := make([]float64, Least+r.IntN(40))
		for i := range others {
			others[i] = math.Exp(3 * r.NormFloat64())
		}
		greatest := slices.Max(others)
		others[slices.Index(others, greatest)] = 1e12
		s := Among(nil, others, Least)
		for _, v := range []*float64{s.Lower, s.Median, s.Upper} {
			if v != nil && *v > greatest*1.1 {
				t.Fatalf("%v of %v", *v, others)
			}
		}
		for i := range others {
			without := slices.Delete(slices.Clone(others), i, i+1)
			if a, b := s.Stores, Among(nil, without, Least).Stores; len(without) > Least && a != b && !slices.Contains([]int{10, 20, 50}, len(others)) {
				t.Fatalf("%d and %d stores are told apart", len(others), len(without))
			}
		}
	}
}
