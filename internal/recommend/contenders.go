package recommend

import "context"

// Contender is a method that learns from visits and ranks the whole catalogue.
type Contender interface {
	Name() string
	// Train learns from visits over products 0 to n-1.
	Train(ctx context.Context, visits []Visit, n int) error
	// Top gives the k products that suit a visitor who has touched query, the
	// latest last; none of them is of the query.
	Top(query []int32, k int) []int32
}

// Contenders are the methods that an evaluation compares, the simplest first.
func Contenders(m *Models) []Contender {
	return []Contender{
		&Popularity{},
		&Popularity{Stores: m.Catalogue.Stores()},
		&ItemKNN{},
		&RP3Beta{Alpha: 0.7, Beta: 0.1},
		&ALS{Factors: 32, Confidence: 40, Regularization: 10, Iterations: 10},
		m,
	}
}
