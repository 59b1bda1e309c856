package recommend

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/tiendi/tiendi/internal/warehouse"
	"github.com/tiendi/tiendi/internal/warehouse/warehousetest"
)

// numbered is the id that ends with n.
func numbered(n int) uuid.UUID {
	return uuid.MustParse(fmt.Sprintf("00000000-0000-4000-8000-%012d", n))
}

// suggestionTables are as the models make them: of store 100 the products 1 to
// 4, and of store 200 the product 5.
func suggestionTables(t *testing.T) *Source {
	t.Helper()
	c := warehousetest.Open(t)
	for _, sql := range []string{
		"CREATE TABLE dim_product (product_id UUID, name String, store_id UUID, category String) ENGINE = MergeTree ORDER BY product_id",
		"CREATE TABLE product_affinity (scope LowCardinality(String), store_id UUID, product_id UUID, related_product_id UUID, score Float64) ENGINE = MergeTree ORDER BY (scope, store_id, product_id)",
		"CREATE TABLE product_popularity (scope LowCardinality(String), store_id UUID, product_id UUID, seller_id UUID, category String, strength Float64, rank UInt64, rank_in_category UInt64) ENGINE = MergeTree ORDER BY (scope, store_id)",
	} {
		if _, err := c.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	insert := func(table string, rows ...[]any) {
		batch, err := c.PrepareBatch(t.Context(), "INSERT INTO "+table)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			if err := batch.Append(row...); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := batch.Send(); err != nil {
			t.Fatal(err)
		}
	}
	insert("dim_product",
		[]any{numbered(1), "Teapot", numbered(100), "tea"}, []any{numbered(2), "Green tea", numbered(100), "tea"},
		[]any{numbered(3), "Mug", numbered(100), "mugs"}, []any{numbered(4), "Black tea", numbered(100), "tea"},
		[]any{numbered(5), "White tea", numbered(200), "tea"})
	insert("product_affinity",
		[]any{"platform", uuid.Nil, numbered(1), numbered(5), 0.4}, []any{"platform", uuid.Nil, numbered(1), numbered(3), 0.2},
		[]any{"store", numbered(100), numbered(1), numbered(3), 0.3})
	popular := func(scope string, store uuid.UUID, product int, seller int, category string, strength float64, rank, inCategory uint64) []any {
		return []any{scope, store, numbered(product), numbered(seller), category, strength, rank, inCategory}
	}
	insert("product_popularity",
		popular("platform", uuid.Nil, 3, 100, "mugs", 50, 1, 1), popular("platform", uuid.Nil, 5, 200, "tea", 20, 2, 1),
		popular("platform", uuid.Nil, 4, 100, "tea", 10, 3, 2), popular("platform", uuid.Nil, 2, 100, "tea", 9, 4, 3),
		popular("store", numbered(100), 3, 100, "mugs", 50, 1, 1), popular("store", numbered(100), 4, 100, "tea", 10, 2, 1))
	return &Source{Warehouse: c, Schema: c.Config().Database}
}

func TestSuggest(t *testing.T) {
	s := suggestionTables(t)
	for name, c := range map[string]struct {
		request Request
		want    []string
	}{
		"platform": {Request{Products: []uuid.UUID{numbered(1)}, Limit: 10},
			[]string{"White tea together", "Mug together", "Black tea category", "Green tea category"}},
		"limit": {Request{Products: []uuid.UUID{numbered(1)}, Limit: 1}, []string{"White tea together"}},
		"in a store, nothing of another": {Request{Store: numbered(100), Products: []uuid.UUID{numbered(1)}, Limit: 10},
			[]string{"Mug together", "Black tea category"}},
		"a product that nothing is known of": {Request{Products: []uuid.UUID{numbered(77)}, Limit: 2},
			[]string{"Mug popular", "White tea popular"}},
		"no product": {Request{Limit: 3}, []string{"Mug popular", "White tea popular", "Black tea popular"}},
		"what was looked at is left out": {Request{Products: []uuid.UUID{numbered(3), numbered(5), numbered(1)}, Limit: 10},
			[]string{"Black tea category", "Green tea category"}},
		"in a store, after a product of another": {Request{Store: numbered(100), Products: []uuid.UUID{numbered(5)}, Limit: 10},
			[]string{"Mug popular", "Black tea popular"}},
		"an unknown store": {Request{Store: numbered(300), Products: []uuid.UUID{numbered(1)}, Limit: 10}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			list, err := s.Suggest(t.Context(), c.request)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, found := range list {
				got = append(got, found.Name+" "+string(found.Reason))
				if (found.Reason == Together) != (found.Score > 0) {
					t.Errorf("%s has the score %v", found.Name, found.Score)
				}
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%v, want %v", got, c.want)
			}
		})
	}
	for _, limit := range []int{0, -1, MaxLimit + 1} {
		if _, err := s.Suggest(t.Context(), Request{Limit: limit}); err == nil {
			t.Errorf("%d suggestions were given", limit)
		}
	}
	s.Schema = "missing"
	if _, err := s.Suggest(context.Background(), Request{Limit: 1}); !warehouse.IsCode(err, warehouse.CodeUnknownDatabase) {
		t.Errorf("without models: %v", err)
	}
}
