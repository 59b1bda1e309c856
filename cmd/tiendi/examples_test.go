package main

import (
	"fmt"
	"maps"
	"math/big"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// exampleQueries are the three statements of the first design, as they stand.
func exampleQueries(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile(sharedFile(t, "ARCHITECTURE-SEED.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, after, found := strings.Cut(string(text), "## Queries de Ejemplo en ClickHouse\n\n```sql\n")
	block, _, closed := strings.Cut(after, "```")
	queries := strings.Split(strings.TrimSpace(block), ";")
	if !found || !closed || len(queries) != 4 || queries[3] != "" {
		t.Fatalf("the first design has %d example queries, want 3", len(queries)-1)
	}
	return queries[:3]
}

// checkExamples asks them of the built project. Two of them look 30 days back
// from now: a second that passes at midnight or across an order moves them, so
// the clock is read before and after.
func checkExamples(t *testing.T, s *shop, r *recount) {
	queries := exampleQueries(t)
	for i, check := range []func(*testing.T, *recount, time.Time, []tuple) error{topSellers, storeConversion, cohortAnalysis} {
		t.Run([]string{"TopProducts", "ConversionByStore", "Cohorts"}[i], func(t *testing.T) {
			before := engineNow(t, s)
			rows := s.show(t, "--inline", queries[i])
			after := engineNow(t, s)
			if len(rows) == 0 {
				t.Fatal("no rows")
			}
			early, late := check(t, r, before, rows), check(t, r, after, rows)
			if early != nil && late != nil {
				t.Error(early)
			}
		})
	}
}

func engineNow(t *testing.T, s *shop) time.Time {
	t.Helper()
	return moment(t, s.value(t, "select formatDateTime(now('UTC'), '%F %T') as now"))
}

// sold is one row of the best sellers.
type sold struct {
	product, store string
	units, orders  int64
	revenue        *big.Rat
}

func (s sold) String() string {
	return fmt.Sprintf("%s, %s: %d units, %s, %d orders", s.product, s.store, s.units, s.revenue.FloatString(2), s.orders)
}

// topSellers wants the 100 largest revenues, and every row to be one of the
// products counted.
func topSellers(t *testing.T, r *recount, now time.Time, rows []tuple) error {
	all := r.soldSince(now.AddDate(0, 0, -30))
	byRevenue := func(a, b sold) int { return b.revenue.Cmp(a.revenue) }
	slices.SortFunc(all, byRevenue)
	if want := min(100, len(all)); len(rows) != want {
		return fmt.Errorf("%d rows, want %d", len(rows), want)
	}
	counted := map[string]bool{}
	for _, row := range all {
		counted[row.String()] = true
	}
	for i, row := range rows {
		got := sold{row.text("product_name"), row.text("store_name"), whole(t, row.text("units_sold")), whole(t, row.text("orders")), rat(row.text("revenue"))}
		if got.revenue.Cmp(all[i].revenue) != 0 || !counted[got.String()] {
			return fmt.Errorf("row %d is %s; counted from the files: %s", i+1, got, all[i])
		}
	}
	return nil
}

// storeConversion wants the stores with more than 100 visitors, the best first.
func storeConversion(t *testing.T, r *recount, now time.Time, rows []tuple) error {
	counts := map[string]map[string]int64{}
	from := periodsOf(now)[0].start.AddDate(0, 0, -30)
	for _, e := range r.events {
		if e.bot() || e.Timestamp.Before(from) {
			continue
		}
		if counts[e.store()] == nil {
			counts[e.store()] = map[string]int64{}
		}
		counts[e.store()][e.Type]++
	}
	maps.DeleteFunc(counts, func(_ string, n map[string]int64) bool { return n["store_visited"] <= 100 })
	if len(rows) != len(counts) {
		return fmt.Errorf("%d stores, want %d", len(rows), len(counts))
	}
	last := (*big.Rat)(nil)
	for _, row := range rows {
		n := counts[row.text("store_id")]
		rate := percent(n["purchase_completed"], n["store_visited"])
		if !same(rat(row.text("conversion_rate")), rate, true) || !same(rat(row.text("add_to_cart_rate")), percent(n["add_to_cart"], n["product_viewed"]), true) ||
			whole(t, row.text("visitors")) != n["store_visited"] || whole(t, row.text("purchases")) != n["purchase_completed"] {
			return fmt.Errorf("%v; counted from the files: %v", row, n)
		}
		if last != nil && rate.Cmp(last) > 0 {
			return fmt.Errorf("%v comes after a lower rate", row)
		}
		last = rate
	}
	return nil
}

func percent(part, all int64) *big.Rat {
	if all == 0 {
		return nil
	}
	return big.NewRat(100*part, all)
}

// cohortAnalysis counts users by the month of their first delivered order and
// the months between then and each of their orders.
func cohortAnalysis(t *testing.T, r *recount, _ time.Time, rows []tuple) error {
	first, users := map[string]time.Time{}, distinct{}
	for _, o := range r.placedOrders(countedOrder.delivered) {
		begun, known := first[o.user]
		if !known {
			begun = o.created
			first[o.user] = begun
		}
		months := (o.created.Year()-begun.Year())*12 + int(o.created.Month()) - int(begun.Month())
		users.addAt(at{period: monthOf(begun).start.Format(time.DateOnly), item: fmt.Sprint(months)}, o.user)
	}
	if len(rows) != len(users) {
		return fmt.Errorf("%d rows, want %d", len(rows), len(users))
	}
	for _, row := range rows {
		key := at{period: row.text("cohort_month"), item: row.text("months_since_first")}
		if whole(t, row.text("users")) != int64(len(users[key])) {
			return fmt.Errorf("%v; counted from the files: %d users", row, len(users[key]))
		}
	}
	return nil
}
