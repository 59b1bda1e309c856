package anomaly

import (
	"context"
	"math/rand/v2"
	"strconv"
	"testing"
)

// BenchmarkDetect looks at the last day of 5,000 stores, with the days before it
// that the cooldown asks for.
func BenchmarkDetect(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	days := sharedDays(r)
	var list []*Series
	for i := range 5000 {
		list = append(list, newShopStore(r, 1, 100).series(r, strconv.Itoa(i), days, incident{day: -1})...)
	}
	b.ResetTimer()
	for b.Loop() {
		if _, err := Detect(context.Background(), list, shopDays-28, shopDays, Defaults(shopBegin)); err != nil {
			b.Fatal(err)
		}
	}
}
