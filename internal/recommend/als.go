package recommend

import (
	"context"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"
)

// ALS factorises visits × products by alternating least squares on implicit
// feedback (Hu, Koren and Volinsky, 2008), solved by conjugate gradients
// (Takács et al., 2011). A visitor who was not trained on is folded in.
type ALS struct {
	// Factors of a product, Confidence in a touch, Regularization and
	// Iterations are the method's parameters.
	Factors                    int
	Confidence, Regularization float64
	Iterations                 int

	products factors
	gram     factors // of the side that is fixed, f × f
	ranked   []int32
}

// factors are rows of numbers, one after another.
type factors struct {
	width int
	flat  []float32
}

func newFactors(n, width int) factors { return factors{width, make([]float32, n*width)} }

func (f factors) row(i int) []float32 { return f.flat[i*f.width : (i+1)*f.width] }

func (f factors) rows() int { return len(f.flat) / f.width }

// gradientSteps of each least-squares problem: the start is the last
// iteration's answer, so few are enough.
const gradientSteps = 3

// Name is the method's.
func (*ALS) Name() string { return "implicit ALS" }

// Train alternates between visits and products.
func (m *ALS) Train(ctx context.Context, visits []Visit, n int) error {
	m.ranked = rankedByVisits(visits, n)
	touched, visitsOf := byVisit(visits), byProduct(visits, n)
	m.products = m.beginning(n)
	ofVisits := m.beginning(len(visits))
	for range m.Iterations {
		if err := ctx.Err(); err != nil {
			return err
		}
		m.gram = gramOf(m.products, m.Regularization)
		m.solveAll(ofVisits, m.products, touched)
		m.gram = gramOf(ofVisits, m.Regularization)
		m.solveAll(m.products, ofVisits, visitsOf)
	}
	m.gram = gramOf(m.products, m.Regularization)
	return nil
}

// beginning gives small factors that look random and are the same every time
// (SplitMix64).
func (m *ALS) beginning(n int) factors {
	out := newFactors(n, m.Factors)
	state := uint64(n)
	for i := range out.flat {
		state += 0x9e3779b97f4a7c15
		z := (state ^ state>>30) * 0xbf58476d1ce4e5b9
		z = (z ^ z>>27) * 0x94d049bb133111eb
		out.flat[i] = (float32((z^z>>31)>>40)/(1<<24) - 0.5) * 0.1
	}
	return out
}

// solveAll solves every row's problem, on all processors.
func (m *ALS) solveAll(of, fixed factors, touched rows) {
	var group errgroup.Group
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		group.Go(func() error {
			s := newSolver(m)
			for i := w; i < of.rows(); i += workers {
				s.solve(of.row(i), fixed, touched.row(int32(i)))
			}
			return nil
		})
	}
	_ = group.Wait() // nothing in it can fail
}

// Top folds the visitor in and ranks all products.
func (m *ALS) Top(query []int32, k int) []int32 {
	x := make([]float32, m.Factors)
	s := newSolver(m)
	for range 3 { // from nothing it takes more steps
		s.solve(x, m.products, query)
	}
	list := make([]Scored[int32], 0, len(m.ranked))
	for _, p := range m.ranked {
		if !slices.Contains(query, p) {
			list = append(list, Scored[int32]{p, float64(dot(x, m.products.row(int(p))))})
		}
	}
	return fillUp(best(list, k), query, m.ranked, k)
}

// gramOf is the sum of the rows' outer products, with the regularization.
func gramOf(list factors, regularization float64) factors {
	gram := newFactors(list.width, list.width)
	for i := range list.rows() {
		row := list.row(i)
		for j, a := range row {
			add(gram.row(j), a, row)
		}
	}
	for i := range gram.width {
		gram.row(i)[i] += float32(regularization)
	}
	return gram
}
