package recommend

import (
	"context"
	"math"
	"slices"
)

// keptNeighbours is how many neighbours of a product are kept.
const keptNeighbours = 100

// neighbours is what the methods share that learn a list of neighbours for each
// product: a visitor gets the sum of the lists, and popularity after it.
type neighbours struct {
	lists  [][]Scored[int32]
	ranked []int32
	sums   neighbourhood
}

// learn walks from each product by way of its visits to their other products.
// hop weighs one such step; score turns the sum of the steps into the
// neighbour's score.
func (m *neighbours) learn(visits []Visit, n int, hop func(visitSize int) float64, score func(of, neighbour int, sum float64) float64) {
	m.ranked = rankedByVisits(visits, n)
	m.lists = make([][]Scored[int32], n)
	products, visitsOf := byVisit(visits), byProduct(visits, n)
	m.sums = neighbourhood{sums: make([]float64, n)}
	for product := range int32(n) {
		own := visitsOf.row(product)
		for _, v := range own {
			others := products.row(v)
			weight := hop(len(others))
			for _, other := range others {
				if other != product {
					m.sums.add(other, weight)
				}
			}
		}
		m.lists[product] = m.sums.take(keptNeighbours, func(other int32, sum float64) float64 {
			return score(len(own), len(visitsOf.row(other)), sum)
		})
	}
}

// Top adds up the neighbours of the query, all of its products alike.
func (m *neighbours) Top(query []int32, k int) []int32 {
	for _, product := range query {
		for _, n := range m.lists[product] {
			m.sums.add(n.Product, n.Score)
		}
	}
	list := m.sums.take(k+len(query), func(_ int32, sum float64) float64 { return sum })
	list = slices.DeleteFunc(list, func(s Scored[int32]) bool { return slices.Contains(query, s.Product) })
	return fillUp(list, query, m.ranked, k)
}

// ItemKNN is the plain item-based method: cosine similarity of the sets of
// visits (Sarwar et al., 2001).
type ItemKNN struct{ neighbours }

// Name is the method's.
func (*ItemKNN) Name() string { return "item KNN" }

// Train finds each product's most similar ones.
func (m *ItemKNN) Train(_ context.Context, visits []Visit, n int) error {
	m.learn(visits, n,
		func(int) float64 { return 1 },
		func(of, neighbour int, sum float64) float64 { return sum / math.Sqrt(float64(of)*float64(neighbour)) })
	return nil
}

// RP3Beta is a random walk of three steps over the graph of visits and
// products, with the popularity of its end discounted (Paudel et al., 2017).
type RP3Beta struct {
	neighbours
	// Alpha is the exponent of the steps' probabilities, Beta that of the
	// discount.
	Alpha, Beta float64
}

// Name is the method's.
func (*RP3Beta) Name() string { return "RP3beta" }

// Train computes the walks' probabilities.
func (m *RP3Beta) Train(_ context.Context, visits []Visit, n int) error {
	m.learn(visits, n,
		func(size int) float64 { return math.Pow(float64(size), -m.Alpha) },
		func(of, neighbour int, sum float64) float64 {
			return sum * math.Pow(float64(of), -m.Alpha) * math.Pow(float64(neighbour), -m.Beta)
		})
	return nil
}
