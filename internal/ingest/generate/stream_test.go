package generate

import (
	"math"
	"testing"
)

// The first outputs of the published SplitMix64 from state 0.
func TestStreamIsSplitMix64(t *testing.T) {
	r := stream{}
	for i, want := range []uint64{0xe220a8397b1dcdaf, 0x6e789e6aa1b965f4, 0x06c45d188009454f} {
		if got := r.next(); got != want {
			t.Errorf("output %d is %#x, want %#x", i, got, want)
		}
	}
}

func TestSubStreamsDiffer(t *testing.T) {
	seen := map[uint64]string{}
	for name, r := range map[string]stream{
		"seed 1":       newStream(1, kindUser, 7),
		"seed 2":       newStream(2, kindUser, 7),
		"another kind": newStream(1, kindStore, 7),
		"another key":  newStream(1, kindUser, 8),
		"two keys":     newStream(1, kindUser, 7, 0),
		"the other":    newStream(1, kindUser, 0, 7),
	} {
		first := r.next()
		if other, taken := seen[first]; taken {
			t.Errorf("%s and %s begin alike", name, other)
		}
		seen[first] = name
	}
}

func TestExpIsCloseToExp(t *testing.T) {
	for x := -6.0; x <= 6; x += 0.37 {
		if got, want := exp(x), math.Exp(x); math.Abs(got/want-1) > 1e-6 {
			t.Errorf("exp(%v) = %v, want %v", x, got, want)
		}
	}
}

func TestNormalHasMeanAndDeviation(t *testing.T) {
	r := newStream(1, kindDay)
	const n = 100_000
	var sum, squares float64
	for range n {
		x := r.normal()
		sum += x
		squares += x * x
	}
	if mean := sum / n; math.Abs(mean) > 0.02 {
		t.Errorf("mean %v", mean)
	}
	if deviation := math.Sqrt(squares / n); math.Abs(deviation-1) > 0.02 {
		t.Errorf("deviation %v", deviation)
	}
}

func TestWeightsDrawInProportion(t *testing.T) {
	w := weights{1, 1, 4, 10} // parts 1, 0, 3, 6
	r := newStream(1, kindDay)
	var got [4]int
	for range 10_000 {
		got[w.draw(&r)]++
	}
	for i, want := range [4]int{1000, 0, 3000, 6000} {
		if math.Abs(float64(got[i]-want)) > 200 {
			t.Errorf("index %d was drawn %d times, want about %d", i, got[i], want)
		}
	}
}
