package recommend

import (
	"context"
	"math"
	"slices"
	"testing"
	"time"
)

var morning = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)

func visit(minute int, products ...int32) Visit {
	return Visit{At: morning.Add(time.Duration(minute) * time.Minute), Products: products}
}

// fixed always ranks the products the same way.
type fixed []int32

func (fixed) Name() string                              { return "fixed" }
func (fixed) Train(context.Context, []Visit, int) error { return nil }
func (f fixed) Top(query []int32, k int) []int32        { return fillUp(nil, query, f, k) }
func evaluated(t *testing.T, c Contender, test ...Visit) Result {
	t.Helper()
	clock := func() time.Time { return morning }
	results, err := Evaluate(t.Context(), []Contender{c}, nil, test, 20, clock)
	if err != nil {
		t.Fatal(err)
	}
	return results[0]
}

// TestAccuracy counts by hand: the last product of a session, and each of an
// order, by its place among the first ten.
func TestAccuracy(t *testing.T) {
	ranking := fixed{5, 4, 3, 2, 1, 0, 6, 7, 8, 9, 10, 11}
	order := visit(4, 4, 11)
	order.Order = true
	r := evaluated(t, ranking,
		visit(0, 1, 5),    // first place
		visit(1, 5, 4, 3), // first after the query is left out
		visit(2, 1, 2),    // fourth place
		visit(3, 1, 11),   // eleventh: a miss
		visit(3, 7),       // asks nothing
		order,             // 4 at the second place; 11 is at the eleventh without 4
	)
	if s := r.Sessions; s.Cases != 4 || s.Hits != 3 || math.Abs(s.NDCG()-(1+1+1/math.Log2(5))/4) > 1e-12 {
		t.Errorf("sessions: %+v, NDCG %v", s, s.NDCG())
	}
	if o := r.Orders; o.Cases != 2 || o.Hits != 1 || math.Abs(o.NDCG()-1/math.Log2(3)/2) > 1e-12 {
		t.Errorf("orders: %+v, NDCG %v", o, o.NDCG())
	}
}

func TestSplit(t *testing.T) {
	visits := []Visit{visit(0, 1, 2), visit(1, 3), visit(2, 1, 2), visit(3, 3), visit(4, 1, 2), visit(5, 2), visit(6, 1, 3)}
	at, err := Cutoff(visits, 0.5)
	if err != nil || !at.Equal(morning.Add(4*time.Minute)) {
		t.Fatalf("%v, %v", at, err)
	}
	train, test := Split(visits, at)
	if len(train) != 4 || len(test) != 3 {
		t.Errorf("%d to learn from, %d to test", len(train), len(test))
	}
	for _, visits := range [][]Visit{nil, visits[:1], {visit(0, 1, 2), visit(0, 2, 3)}} {
		if _, err := Cutoff(visits, 0.2); err == nil {
			t.Errorf("%d visits were parted", len(visits))
		}
	}
}

func TestCasesAreBounded(t *testing.T) {
	var visits []Visit
	for i := range 2*maxCases + 1 {
		visits = append(visits, visit(i, 1, 2), visit(i, 3))
	}
	got := cases(visits)
	if len(got) != maxCases || got[0].At != morning || got[maxCases-1].At.Before(visits[len(visits)-10].At) {
		t.Errorf("%d cases from %v to %v", len(got), got[0].At, got[len(got)-1].At)
	}
}

// shopVisits touch two groups of products that never meet, and a product that
// is in most visits.
func shopVisits() []Visit {
	var visits []Visit
	for i := range 30 {
		visits = append(visits, visit(2*i, 1, 2, 0), visit(2*i+1, 3, 4))
	}
	return append(visits, visit(100, 5), visit(101, 2, 6))
}

func TestContenders(t *testing.T) {
	for _, c := range []struct {
		contender Contender
		query     []int32
		want      []int32
	}{
		{&Popularity{}, []int32{1}, []int32{2, 0, 3}},
		{&Popularity{Stores: []int32{0, 0, 0, 1, 1, 1, 0}}, []int32{4}, []int32{3, 5, 2}},
		{&ItemKNN{}, []int32{1}, []int32{0, 2, 6}},      // 6 shares no visit with 1: it is popularity's
		{&RP3Beta{Alpha: 1}, []int32{6}, []int32{2, 0}}, // and then popularity's
		{&ALS{Factors: 4, Confidence: 40, Regularization: 0.1, Iterations: 10}, []int32{3}, []int32{4}},
		{&ALS{Factors: 4, Confidence: 40, Regularization: 0.1, Iterations: 10}, []int32{1, 0}, []int32{2}},
	} {
		if err := c.contender.Train(t.Context(), shopVisits(), 7); err != nil {
			t.Fatal(err)
		}
		got := c.contender.Top(c.query, 6)
		if slices.Contains(got, c.query[0]) {
			t.Errorf("%s suggests what was looked at: %v", c.contender.Name(), got)
		}
		if c.contender.Name() == "item KNN" {
			got, c.want = got[:2], c.want[:2]
		}
		if !slices.Equal(got[:len(c.want)], c.want) {
			t.Errorf("%s for %v: %v, want %v", c.contender.Name(), c.query, got, c.want)
		}
	}
}

// TestWalk works out the probabilities of a walk by hand: from 2, whose 31
// visits are 30 of three products and one of two.
func TestWalk(t *testing.T) {
	m := &RP3Beta{Alpha: 1}
	if err := m.Train(t.Context(), shopVisits(), 7); err != nil {
		t.Fatal(err)
	}
	want := []Scored[int32]{{0, 10.0 / 31}, {1, 10.0 / 31}, {6, 0.5 / 31}}
	for i, got := range m.lists[2] {
		if got.Product != want[i].Product || math.Abs(got.Score-want[i].Score) > 1e-12 {
			t.Errorf("%+v, want %+v", got, want[i])
		}
	}
}

// TestGradients holds the solver against the equations that it solves.
func TestGradients(t *testing.T) {
	m := &ALS{Factors: 5, Confidence: 7}
	fixed := m.beginning(9)
	m.gram = gramOf(fixed, 0.01)
	s := newSolver(m)
	x := make([]float32, 5)
	for range 20 {
		s.solve(x, fixed, []int32{2, 5})
	}
	s.times(x, fixed, []int32{2, 5})
	for i := range x {
		want := 8 * (fixed.row(2)[i] + fixed.row(5)[i])
		if math.Abs(float64(s.by[i]-want)) > 1e-5 {
			t.Errorf("equation %d: %v, want %v", i, s.by[i], want)
		}
	}
}
