package recommend

// solver holds what one least-squares problem after another needs.
type solver struct {
	gram              factors
	confidence        float32
	residual, way, by []float32
}

func newSolver(m *ALS) *solver {
	f := m.Factors
	return &solver{m.gram, float32(m.Confidence), make([]float32, f), make([]float32, f), make([]float32, f)}
}

// solve takes x closer to the answer of (gram + confidence·Σyyᵀ)·x =
// (1+confidence)·Σy over the touched rows y.
func (s *solver) solve(x []float32, fixed factors, touched []int32) {
	s.times(x, fixed, touched)
	for i, b := range s.by {
		s.residual[i] = -b
	}
	for _, t := range touched {
		add(s.residual, 1+s.confidence, fixed.row(int(t)))
	}
	copy(s.way, s.residual)
	left := dot(s.residual, s.residual)
	for range gradientSteps {
		if left < 1e-12 {
			return
		}
		s.times(s.way, fixed, touched)
		step := left / dot(s.way, s.by)
		add(x, step, s.way)
		add(s.residual, -step, s.by)
		before := left
		left = dot(s.residual, s.residual)
		for i, r := range s.residual {
			s.way[i] = r + left/before*s.way[i]
		}
	}
}

// times sets by to the problem's matrix times v.
func (s *solver) times(v []float32, fixed factors, touched []int32) {
	for i := range s.by {
		s.by[i] = dot(s.gram.row(i), v)
	}
	for _, t := range touched {
		y := fixed.row(int(t))
		add(s.by, s.confidence*dot(y, v), y)
	}
}

// dot of two rows, in four sums that a processor works on at once.
func dot(a, b []float32) float32 {
	b = b[:len(a)]
	var s0, s1, s2, s3 float32
	i := 0
	for ; i+3 < len(a); i += 4 {
		s0 += a[i] * b[i]
		s1 += a[i+1] * b[i+1]
		s2 += a[i+2] * b[i+2]
		s3 += a[i+3] * b[i+3]
	}
	for ; i < len(a); i++ {
		s0 += a[i] * b[i]
	}
	return s0 + s1 + s2 + s3
}

// add adds weight times a row.
func add(to []float32, weight float32, row []float32) {
	row = row[:len(to)]
	for i := range to {
		to[i] += weight * row[i]
	}
}
