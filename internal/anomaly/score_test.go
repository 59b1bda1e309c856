package anomaly

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestInterval wants the ends of an interval to be just so far off as asked,
// whatever the series.
func TestInterval(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 1000 {
		size := 0.2 + 5*r.Float64()
		for _, c := range []struct {
			kind Kind
			e    expectation
		}{
			{Count, expectation{mean: math.Exp(8 * r.Float64()), unit: 1}},
			{Amount, expectation{mean: math.Exp(8 * r.Float64()), unit: 0.1 + 100*r.Float64()}},
			{Rate, expectation{mean: 0.01 + 0.98*r.Float64(), unit: 1, trials: 20 + 2000*r.Float64(), past: 1e4}},
		} {
			low, high := c.e.interval(c.kind, size)
			mean := c.e.expected(c.kind)
			if !(low >= 0 && low < mean && mean < high) {
				t.Fatalf("%+v at %v: %v to %v", c, size, low, high)
			}
			things := 1.0
			if c.kind == Rate {
				things = c.e.trials
			}
			if d := c.e.deviation(c.kind, high*things); math.Abs(d-size) > 1e-6 && (c.kind != Rate || high < 1) {
				t.Fatalf("%+v at %v: the upper end is %v off", c, size, d)
			}
			if d := c.e.deviation(c.kind, low*things); low > 1e-9*mean && math.Abs(d+size) > 1e-6 {
				t.Fatalf("%+v at %v: the lower end is %v off", c, size, d)
			}
		}
	}
}

// TestWilson holds the score of a rate against a published interval: 15 of 50 at
// 95 % is 0.1910 to 0.4375 (Newcombe, 1998, by Wilson's method).
func TestWilson(t *testing.T) {
	for expected, want := range map[float64]float64{0.1910: 1.96, 0.4375: -1.96} {
		e := expectation{mean: expected, unit: 1, trials: 50, past: math.Inf(1)}
		if got := e.deviation(Rate, 15); math.Abs(got-want) > 2e-3 {
			t.Errorf("15 of 50 where %v is expected: %v, want %v", expected, got, want)
		}
	}
}

// TestDeviation works values out by hand.
func TestDeviation(t *testing.T) {
	count := expectation{mean: 20, unit: 1}
	for value, want := range map[float64]float64{
		20: 0, 0: -math.Sqrt(40), 30: math.Sqrt(2 * (30*math.Log(1.5) - 10)), 10: -math.Sqrt(2 * (10*math.Log(0.5) + 10)),
	} {
		if got := count.deviation(Count, value); math.Abs(got-want) > 1e-12 {
			t.Errorf("%v where 20 are expected: %v, want %v", value, got, want)
		}
	}
	rate := expectation{mean: 0.1, unit: 1, trials: 400, past: math.Inf(1)}
	if got := rate.deviation(Rate, 52); math.Abs(got-2) > 1e-12 { // 12 over, of a spread of 6
		t.Errorf("52 of 400: %v", got)
	}
	if got := (&expectation{mean: 0, unit: 1, trials: 9, past: 9}).deviation(Rate, 3); got != 0 {
		t.Errorf("of a rate that never was: %v", got)
	}
}

// TestCalibration wants p to be right where it can be counted, to fall with the
// size, and size to be its inverse.
func TestCalibration(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	deviations := make([]float64, 20_000)
	for i := range deviations {
		deviations[i] = r.NormFloat64()
	}
	c, ok := calibrate(deviations)
	if !ok {
		t.Fatal("20,000 deviations are too few")
	}
	for size, want := range map[float64]float64{0.6745: 0.5, -1.6449: 0.1, 1.9600: 0.05, 2.5758: 0.01} {
		if got := c.p(size); math.Abs(got-want) > 0.1*want {
			t.Errorf("p of %v is %v, want about %v", size, got, want)
		}
	}
	if p := c.p(5); p < 5.7e-7 || p > 1e-4 {
		t.Errorf("p of 5 is %v: beyond what was seen it must be careful, and small", p)
	}
	before := 1.1
	for size := 0.0; size < 9; size += 0.05 {
		p := c.p(size)
		if p > before || p <= 0 {
			t.Fatalf("p of %v is %v, of less it is %v", size, p, before)
		}
		before = p
	}
	for _, share := range []float64{0.2, 0.05, 0.01, 0.001, 1e-6} {
		if p := c.p(c.size(share)); math.Abs(p-share) > 0.01*share+1e-4 {
			t.Errorf("p of size(%v) is %v", share, p)
		}
	}
	if _, ok := calibrate(make([]float64, leastCalibration-1)); ok {
		t.Error("too few deviations were enough")
	}
	if _, ok := calibrate(make([]float64, 1000)); ok {
		t.Error("days that never vary make a calibration")
	}
}

// TestPastAnomaliesDoNotHideNewOnes adds one anomaly in a hundred days.
func TestPastAnomaliesDoNotHideNewOnes(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	var clean, mixed []float64
	for i := range 3000 {
		x := r.NormFloat64()
		clean = append(clean, x)
		if i%100 == 0 {
			x = 8
		}
		mixed = append(mixed, x)
	}
	a, _ := calibrate(clean)
	b, _ := calibrate(mixed)
	if ratio := b.p(5) / a.p(5); ratio > 3 {
		t.Errorf("p of 5 is %v, without past anomalies %v", b.p(5), a.p(5))
	}
}

// TestDiscoveries is the example of the procedure's authors (1995, section 4).
func TestDiscoveries(t *testing.T) {
	ps := []float64{
		0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
		0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000,
	}
	if got := discoveries(ps, 0.05); got != 0.0095 {
		t.Errorf("those up to %v, want the first four", got)
	}
	slices.Reverse(ps)
	if got := discoveries(ps, 0.05); got != 0.0095 {
		t.Errorf("in another order those up to %v", got)
	}
	if got := discoveries([]float64{0.9, 0.8}, 0.1); got != 0 {
		t.Errorf("of nothing rare: %v", got)
	}
	if got := discoveries(nil, 0.1); got != 0 {
		t.Errorf("of nothing: %v", got)
	}
}
