package main

import (
	"fmt"
	"math/big"
	"strings"
	"testing"
)

// checkTrailing holds the users of the 7 and 28 days up to each day against the
// recount.
func checkTrailing(t *testing.T, s *shop, r *recount) {
	k := kpiOf(t, "active_users")
	got, want := figures{}, figures{}
	for key, value := range k.counted(r) {
		if strings.HasPrefix(key.grain, "trailing_") {
			want[key] = value
		}
	}
	for _, row := range s.metrics(t, "--metrics", "active_users_7d,active_users_28d", "--group-by", "metric_time__day") {
		for _, days := range []int{7, 28} {
			key := at{grain: fmt.Sprintf("trailing_%d_days", days), period: row.text("metric_time__day")}
			if text := row.text(fmt.Sprintf("active_users_%dd", days)); text != "" {
				got[key] = rat(text)
			}
		}
	}
	last := ""
	for key := range got {
		last = max(last, key.period)
	}
	for key := range want { // days that the data do not reach have no figure
		if key.period > last {
			delete(want, key)
		}
	}
	compareFigures(t, k, got, want)
}

// checkTopProducts holds the order of the products that sell best against the
// recount: the place of a product is one more than how many are better.
func checkTopProducts(t *testing.T, s *shop, r *recount) {
	got := figures{}
	for _, grain := range everyGrain {
		for _, scope := range bothScopes {
			m := metricKPI{metric: "units_sold", items: []string{"product"}}
			rows := s.metrics(t, "--sparse", "--metrics", "gmv,units_sold", "--group-by", m.groupBy(grain, scope), "--order-by=-gmv,-units_sold")
			ahead, before, place := map[at]int64{}, map[at]string{}, map[at]int64{}
			for _, row := range rows {
				key := m.key(row, grain, scope)
				if row.text("store") == noStore || rat(row.text(m.metric)).Sign() == 0 {
					continue
				}
				list := key
				list.item = ""
				ahead[list]++
				if sold := row.text("gmv") + " " + row.text(m.metric); sold != before[list] {
					before[list], place[list] = sold, ahead[list]
				}
				got[key] = big.NewRat(place[list], 1)
			}
		}
	}
	k := kpiOf(t, "top_products")
	compareFigures(t, k, got, k.counted(r))
}
