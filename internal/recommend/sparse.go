package recommend

import (
	"cmp"
	"slices"
)

// rows are sparse rows, one after another: row i is the entries from start[i] to
// start[i+1].
type rows struct {
	start   []int
	entries []int32
}

func (r rows) row(i int32) []int32 { return r.entries[r.start[i]:r.start[i+1]] }

// byVisit and byProduct are the same touches: which products a visit has, and
// which visits a product is in.
func byVisit(visits []Visit) rows {
	r := rows{start: make([]int, 1, len(visits)+1)}
	for _, v := range visits {
		r.entries = append(r.entries, v.Products...)
		r.start = append(r.start, len(r.entries))
	}
	return r
}

func byProduct(visits []Visit, n int) rows {
	r := rows{start: make([]int, n+1)}
	for _, v := range visits {
		for _, p := range v.Products {
			r.start[p+1]++
		}
	}
	for i := range n {
		r.start[i+1] += r.start[i]
	}
	next := slices.Clone(r.start)
	r.entries = make([]int32, r.start[n])
	for i, v := range visits {
		for _, p := range v.Products {
			r.entries[next[p]] = int32(i)
			next[p]++
		}
	}
	return r
}

// neighbourhood gathers the neighbours of one product after another.
type neighbourhood struct {
	sums    []float64 // by product, 0 but for touched
	touched []int32
}

func (n *neighbourhood) add(product int32, weight float64) {
	if n.sums[product] == 0 {
		n.touched = append(n.touched, product)
	}
	n.sums[product] += weight
}

// take gives the k best after score has changed each sum, and empties n.
func (n *neighbourhood) take(k int, score func(product int32, sum float64) float64) []Scored[int32] {
	out := make([]Scored[int32], 0, len(n.touched))
	for _, p := range n.touched {
		out = append(out, Scored[int32]{p, score(p, n.sums[p])})
		n.sums[p] = 0
	}
	n.touched = n.touched[:0]
	return best(out, k)
}

// best sorts by score and keeps k.
func best(list []Scored[int32], k int) []Scored[int32] {
	slices.SortFunc(list, func(a, b Scored[int32]) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Product, b.Product))
	})
	return slices.Clone(list[:min(k, len(list))])
}

// fillUp gives the first k products of list, and after them those of more that
// are neither there nor in the query.
func fillUp(list []Scored[int32], query, more []int32, k int) []int32 {
	top := make([]int32, 0, k)
	for _, s := range list[:min(k, len(list))] {
		top = append(top, s.Product)
	}
	for _, p := range more {
		if len(top) == k {
			break
		}
		if !slices.Contains(query, p) && !slices.Contains(top, p) {
			top = append(top, p)
		}
	}
	return top
}
