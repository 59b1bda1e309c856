package recommend

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"
)

// Visit is the products of one session, or of what a user ordered on one day,
// in the order in which they were first touched. Products are numbers into the
// catalogue.
type Visit struct {
	At       time.Time
	Products []int32
	Order    bool // of orders; otherwise a session
}

// Result is what an evaluation says of a contender.
type Result struct {
	Name  string
	Train time.Duration
	Sessions,
	Orders Accuracy
}

// Accuracy is how often, and how high up, the product that came next stood
// among the first ten of all products of the catalogue. A product that nobody
// had touched before is a miss for everyone.
type Accuracy struct {
	Cases, Hits int
	gains       float64
}

// cutoff is how many places of the ranking count.
const cutoff = 10

// HR is the share of cases whose product stood among the first ten.
func (a Accuracy) HR() float64 { return float64(a.Hits) / float64(a.Cases) }

// NDCG is the normalised discounted cumulative gain of the first ten: with one
// right answer a case, 1/log2(place+1).
func (a Accuracy) NDCG() float64 { return a.gains / float64(a.Cases) }

func (a *Accuracy) count(top []int32, next int32) {
	a.Cases++
	if place := slices.Index(top, next); place >= 0 {
		a.Hits++
		a.gains += 1 / math.Log2(float64(place+2))
	}
}

// Split parts visits at a moment: what began before it is to learn from, the
// rest to be held against. A visit belongs to the side on which it begins.
func Split(visits []Visit, at time.Time) (train, test []Visit) {
	for _, v := range visits {
		if v.At.Before(at) {
			train = append(train, v)
		} else {
			test = append(test, v)
		}
	}
	return train, test
}

// maxCases bounds the test visits: every so many-th is taken where there are more.
const maxCases = 20_000

// Evaluate trains each contender and holds it against every test visit of two
// or more products: of all but the last, which is the last? Of orders, whose
// items have no order, each item is asked for once.
func Evaluate(ctx context.Context, contenders []Contender, train, test []Visit, n int, clock func() time.Time) ([]Result, error) {
	test = cases(test)
	var results []Result
	for _, c := range contenders {
		r := Result{Name: c.Name()}
		began := clock()
		if err := c.Train(ctx, train, n); err != nil {
			return nil, fmt.Errorf("train %s: %w", c.Name(), err)
		}
		r.Train = clock().Sub(began)
		for _, v := range test {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			r.hold(c, v)
		}
		results = append(results, r)
	}
	return results, nil
}

// cases are the visits that can be asked about, maxCases at most.
func cases(visits []Visit) []Visit {
	var out []Visit
	for _, v := range visits {
		if len(v.Products) > 1 {
			out = append(out, v)
		}
	}
	if len(out) <= maxCases {
		return out
	}
	for i := range maxCases {
		out[i] = out[i*len(out)/maxCases]
	}
	return out[:maxCases]
}

func (r *Result) hold(c Contender, v Visit) {
	if !v.Order {
		last := len(v.Products) - 1
		r.Sessions.count(c.Top(v.Products[:last], cutoff), v.Products[last])
		return
	}
	for i, next := range v.Products {
		r.Orders.count(c.Top(slices.Delete(slices.Clone(v.Products), i, i+1), cutoff), next)
	}
}

// Cutoff is the moment from which on a share of the visits began that touch two
// products or more: those of fewer ask nothing.
func Cutoff(visits []Visit, share float64) (time.Time, error) {
	several := slices.DeleteFunc(slices.Clone(visits), func(v Visit) bool { return len(v.Products) < 2 })
	i := int(float64(len(several)) * (1 - share))
	if i < 1 || i >= len(several) || !several[0].At.Before(several[i].At) {
		return time.Time{}, fmt.Errorf("%d visits to several products are too few to hold suggestions against: load data and run `tiendi build` first", len(several))
	}
	return several[i].At, nil
}
