package semantic_test

import (
	"context"
	"encoding/json"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/semantic"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// What random queries are made of: metrics that add up over any dimension, by
// what they can be grouped and filtered by.
var (
	additive = map[string][]string{
		"raw_revenue":  {"order__status", "order__is_large", "shop", "shop__name", "shop__region", "customer__city", "customer__plan", "customer", "metric_time__day", "metric_time__week", "metric_time__month", "order__placed_at__hour", "customer__since__month"},
		"orders":       {"order__status", "shop__region", "customer__city", "metric_time__day", "metric_time__quarter", "metric_time__extract_dow", "order"},
		"paid_revenue": {"order__status", "shop", "customer__plan", "metric_time__month"},
		"quantity":     {"sku", "sku__category", "order__status", "order__shop__region", "order__customer__city", "metric_time__week"},
		"line_revenue": {"sku__category", "order", "order__customer__plan", "metric_time__day"},
		"visits":       {"visit__source", "visit__device", "customer__city", "member__tier", "visit__is_ad", "metric_time__hour"},
	}
	conditions = map[string][]string{
		"raw_revenue":  {"order__status = 'paid'", "customer__city is null", "shop__region in ('north', 'south')", "metric_time__day >= '2026-02-01'", "{{ Metric('order_count', ['shop']) }} > 80"},
		"orders":       {"order__status != 'open'", "customer__plan = 'pro' or shop__name like 'Shop%'"},
		"paid_revenue": {"order__is_large = 1"},
		"quantity":     {"order__status = 'paid'", "sku__category = 'food' and order__customer__plan = 'pro'"},
		"line_revenue": {"sku in ('p1', 'p2', 'p3')"},
		"visits":       {"member__tier = 'gold'", "visit__source = 'ads' or customer__city = 'Lima'"},
	}
)

// TestTotalsAreSumsOfParts asks for metrics that add up by random dimensions,
// under random conditions, and wants the groups to add up to the whole: what
// fans out counts rows twice and breaks this, and so does a lost row.
func TestTotalsAreSumsOfParts(t *testing.T) {
	db, man := openShop(t)
	random := rand.New(rand.NewPCG(1, 2))
	names := []string{"line_revenue", "orders", "paid_revenue", "quantity", "raw_revenue", "visits"}
	for range 40 {
		name := names[random.IntN(len(names))]
		q := semantic.Query{Metrics: []string{name}, Sparse: true}
		dims := slices.Clone(additive[name])
		random.Shuffle(len(dims), func(i, j int) { dims[i], dims[j] = dims[j], dims[i] })
		for _, cond := range conditions[name] {
			if random.IntN(3) == 0 {
				q.Where = append(q.Where, cond)
			}
		}
		if random.IntN(3) == 0 {
			q.Start, q.End = time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
			dims = slices.DeleteFunc(dims, func(d string) bool { // weeks and quarters would grow the span
				return d == "metric_time__week" || d == "metric_time__quarter"
			})
		}
		if random.IntN(4) == 0 && name != "visits" {
			q.Stores = []string{"s1", "s3"}
		}
		whole := figure(t, db, man, q, name)
		q.GroupBy = dims[:1+random.IntN(3)]
		if other := names[random.IntN(len(names))]; contained(additive[other], q.GroupBy) && len(q.Where) == 0 && (q.Stores == nil || other != "visits") {
			q.Metrics = append(q.Metrics, other) // beside another metric it stays the same
		}
		if parts := figure(t, db, man, q, name); parts.Cmp(whole) != 0 {
			t.Errorf("%s: the parts add up to %s, the whole is %s", describe(q), parts.FloatString(2), whole.FloatString(2))
		}
	}
}

func contained(list, some []string) bool {
	return !slices.ContainsFunc(some, func(s string) bool { return !slices.Contains(list, s) })
}

// figure adds up a metric's column.
func figure(t *testing.T, db *warehouse.Client, man *semantic.Manifest, q semantic.Query, name string) *big.Rat {
	t.Helper()
	statement, err := man.Compile(q)
	if err != nil {
		t.Fatalf("%s: %v", describe(q), err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	rows, err := db.QueryJSON(ctx, statement.SQL, 0)
	if err != nil {
		t.Fatalf("%s\n%v", statement.SQL, err)
	}
	sum := new(big.Rat)
	for _, row := range rows {
		var values map[string]json.RawMessage
		if err := json.Unmarshal(row, &values); err != nil {
			t.Fatal(err)
		}
		if v, ok := new(big.Rat).SetString(strings.Trim(string(values[name]), `"`)); ok {
			sum.Add(sum, v)
		}
	}
	return sum
}

// TestOnlyTheStoresRows asks every metric in every way for one store, and wants
// the answer that the store has when there is no other.
func TestOnlyTheStoresRows(t *testing.T) {
	db, man := openShop(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	queries := storeQueries(man)
	before := make([][]map[string]string, len(queries))
	for i, q := range queries {
		statement, err := man.Compile(q)
		if err != nil {
			t.Fatalf("%s: %v", describe(q), err)
		}
		before[i] = answer(t, db, statement.SQL)
	}
	for _, statement := range []string{
		"delete from orders where shop != 's1'", "delete from shops where code != 's1'", "delete from stock where shop != 's1'",
		"delete from traffic where shop != 's1'", "delete from order_lines where order_id not in (select id from orders)",
	} {
		if _, err := db.Exec(ctx, statement); err != nil {
			t.Fatal(err)
		}
	}
	for i, q := range queries {
		statement, _ := man.Compile(q)
		after := answer(t, db, statement.SQL)
		if len(after) != len(before[i]) {
			t.Errorf("%s: %d rows, without the other stores %d", describe(q), len(before[i]), len(after))
			continue
		}
		for j := range after {
			if !sameRow(before[i][j], after[j]) {
				t.Errorf("%s: %v, without the other stores %v", describe(q), before[i][j], after[j])
				break
			}
		}
	}
}

// storeQueries are queries of every metric that stores have, some at a time.
func storeQueries(man *semantic.Manifest) []semantic.Query {
	forms := []semantic.Query{
		{GroupBy: []string{"metric_time__month", "shop"}, Where: []string{"shop != 's1' or shop = 's1' or not shop = 's1'"}},
		{Where: []string{"{{ Metric('order_count', ['shop']) }} > 0"}},
		{Start: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), End: time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC), Compare: semantic.PreviousPeriod},
	}
	queries := []semantic.Query{{GroupBy: []string{"shop__name"}}, {GroupBy: []string{"shop"}}}
	for _, form := range forms {
		var names []string
		for _, m := range man.Metrics {
			q := form
			q.Metrics, q.Stores = []string{m.Name}, []string{"s1"}
			if _, err := man.Compile(q); err == nil {
				names = append(names, m.Name)
			}
		}
		for some := range slices.Chunk(names, 8) {
			q := form
			q.Metrics = some
			queries = append(queries, q)
		}
	}
	for i := range queries {
		queries[i].Stores = []string{"s1"}
	}
	return queries
}
