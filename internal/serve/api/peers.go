package api

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
)

// groupByCategory groups stores by what each sold most of. Rows are store, category, value.
func groupByCategory(all map[string]storeMonth, rows [][]any) {
	most := map[string]float64{}
	for _, row := range rows {
		id, category := fmt.Sprint(row[0]), fmt.Sprint(row[1])
		m, ok := all[id]
		value, known := numberOf(row[2])
		if !ok || !known || value < most[id] || value == most[id] && m.group != "" && m.group <= category {
			continue
		}
		most[id], m.group = value, category
		all[id] = m
	}
}

// groupBySize makes groups of as many stores each, by what they sold.
func groupBySize(all map[string]storeMonth) {
	size := func(id string) float64 {
		v, _ := all[id].number(benchmarkMetrics[0])
		return v
	}
	ids := slices.SortedFunc(maps.Keys(all), func(a, b string) int { return cmp.Or(cmp.Compare(size(a), size(b)), cmp.Compare(a, b)) })
	for i, id := range ids {
		m := all[id]
		m.group = fmt.Sprint(i * benchmarkSizes / len(ids))
		all[id] = m
	}
}
