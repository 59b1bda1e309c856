package recommend

import "context"

// Popularity suggests what most visits touched, whatever the visitor looks at.
type Popularity struct {
	// Stores, where it is given, is each product's store: then the store's own
	// products of the latest product come first.
	Stores  []int32
	ranked  []int32
	byStore map[int32][]int32
}

// Name says which of the two it is.
func (p *Popularity) Name() string {
	if p.Stores != nil {
		return "store popularity"
	}
	return "popularity"
}

// Train counts visits.
func (p *Popularity) Train(_ context.Context, visits []Visit, n int) error {
	p.ranked = rankedByVisits(visits, n)
	if p.Stores == nil {
		return nil
	}
	p.byStore = map[int32][]int32{}
	for _, product := range p.ranked {
		p.byStore[p.Stores[product]] = append(p.byStore[p.Stores[product]], product)
	}
	return nil
}

// Top gives the most popular products that are not of the query.
func (p *Popularity) Top(query []int32, k int) []int32 {
	var own []Scored[int32]
	if p.Stores != nil {
		for _, product := range fillUp(nil, query, p.byStore[p.Stores[query[len(query)-1]]], k) {
			own = append(own, Scored[int32]{Product: product})
		}
	}
	return fillUp(own, query, p.ranked, k)
}

// rankedByVisits lists the products that were touched, the most visited first.
func rankedByVisits(visits []Visit, n int) []int32 {
	sums := neighbourhood{sums: make([]float64, n)}
	for _, v := range visits {
		for _, p := range v.Products {
			sums.add(p, 1)
		}
	}
	var ranked []int32
	for _, s := range sums.take(n, func(_ int32, sum float64) float64 { return sum }) {
		ranked = append(ranked, s.Product)
	}
	return ranked
}
