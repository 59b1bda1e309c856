package semantic_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/tiendi/tiendi/internal/semantic"
)

// summed are the metrics of the shop that add up over whatever they are grouped by: true for
// those that are read from other rows where the shop is asked for.
func summed(man *semantic.Manifest) map[*semantic.Metric]bool {
	scoped := map[string]bool{}
	for _, model := range man.Models {
		for _, m := range model.Measures {
			if m.NonAdditive == nil && slices.Contains([]string{"sum", "sum_boolean", "count"}, m.Agg) {
				scoped[m.Name] = model.Meta["scope"] != nil
			}
		}
	}
	list := map[*semantic.Metric]bool{}
	for _, m := range man.Metrics {
		if m.Type != "simple" {
			continue
		}
		if other, adds := scoped[m.Measure.Name]; adds {
			list[m] = other
		}
	}
	return list
}

// ofShop says whether a dimension is the shops'.
func ofShop(name string) bool { return name == "shop" || strings.HasPrefix(name, "shop__") }

// TestEveryDimensionAddsUp groups every metric that adds up by everything that is offered for
// it, alone and in pairs, and wants the groups to add up to the whole; what is not offered for
// it is refused, since its rows would be counted twice.
func TestEveryDimensionAddsUp(t *testing.T) {
	db, man := openShop(t)
	everything, err := man.Offered()
	if err != nil {
		t.Fatal(err)
	}
	grouped, refused := 0, 0
	for m, scoped := range summed(man) {
		name := m.Name
		offered, err := man.Offered(name)
		if err != nil {
			t.Fatal(err)
		}
		whole := figure(t, db, man, semantic.Query{Metrics: []string{name}, Sparse: true}, name)
		mine := map[string]bool{}
		for i, o := range offered {
			mine[o.Name] = true
			for _, by := range [][]string{{o.Name}, {o.Name, offered[(i*7+3)%len(offered)].Name}} {
				if len(by) > 1 && by[0] == by[1] || scoped && slices.ContainsFunc(by, ofShop) {
					continue
				}
				grouped++
				if parts := figure(t, db, man, semantic.Query{Metrics: []string{name}, GroupBy: by, Sparse: true}, name); parts.Cmp(whole) != 0 {
					t.Errorf("%s by %v: the parts add up to %s, the whole is %s", name, by, parts.FloatString(2), whole.FloatString(2))
				}
			}
		}
		for _, o := range everything {
			if mine[o.Name] {
				continue
			}
			refused++
			if s, err := man.Compile(semantic.Query{Metrics: []string{name}, GroupBy: []string{o.Name}}); err == nil {
				t.Errorf("%s by %s is not offered, and is compiled: %s", name, o.Name, s.SQL)
			}
		}
	}
	if text := fmt.Sprint(grouped, " groupings, ", refused, " refusals"); grouped < 200 || refused < 50 {
		t.Errorf("only %s", text)
	} else {
		t.Log(text)
	}
}
