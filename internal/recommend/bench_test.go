package recommend

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
)

// millionTouches are 300,000 visits to 20,000 products, popular ones more often,
// with a million touches in them.
func millionTouches() (visits []Visit, n int) {
	r := rand.New(rand.NewPCG(1, 2))
	const products = 20_000
	for touches := 0; touches < 1_000_000; {
		v := Visit{At: morning}
		for range 1 + r.IntN(6) {
			p := int32(products * math.Pow(r.Float64(), 2))
			v.Products = append(v.Products, p)
		}
		v.Products = latest(v.Products)
		touches += len(v.Products)
		visits = append(visits, v)
	}
	return visits, products
}

// BenchmarkTrain is of a million touches.
func BenchmarkTrain(b *testing.B) {
	visits, n := millionTouches()
	for _, c := range []Contender{
		&Popularity{}, &ItemKNN{}, &RP3Beta{Alpha: 0.7, Beta: 0.1},
		&ALS{Factors: 32, Confidence: 40, Regularization: 10, Iterations: 10},
	} {
		b.Run(c.Name(), func(b *testing.B) {
			for b.Loop() {
				if err := c.Train(context.Background(), visits, n); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
