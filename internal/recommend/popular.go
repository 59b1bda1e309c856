package recommend

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// fillUp adds popular products to out up to the request's limit.
func (s *Source) fillUp(ctx context.Context, r Request, query []uuid.UUID, out []Suggestion) ([]Suggestion, error) {
	var category, seller string
	if len(query) > 0 {
		latest := []Suggestion{{Product: query[0]}}
		if err := s.describe(ctx, r.Store, latest); err != nil {
			return nil, err
		}
		category, seller = latest[0].Category, latest[0].Store.String()
	}
	candidates, err := s.popular(ctx, r.Store, category)
	if err != nil {
		return nil, err
	}
	fallback(candidates, category, seller, compareIDs)
	for _, c := range candidates {
		if len(out) == r.Limit {
			break
		}
		if slices.Contains(query, c.product) || slices.ContainsFunc(out, func(o Suggestion) bool { return o.Product == c.product }) {
			continue
		}
		reason := Popular
		if category != "" && c.category == category {
			reason = Category
		}
		out = append(out, Suggestion{Product: c.product, Reason: reason})
	}
	return out, nil
}

// popular reads the most popular products of a category and of all.
func (s *Source) popular(ctx context.Context, store uuid.UUID, category string) ([]candidate[uuid.UUID], error) {
	sql := fmt.Sprintf(`SELECT product_id, toString(seller_id), category, strength FROM %s
WHERE %s AND (rank <= %d OR category = %s AND rank_in_category <= %d)`,
		table(s.Schema, "product_popularity"), scope(store), depthOverall, warehouse.Literal(category), depthInCategory)
	var out []candidate[uuid.UUID]
	err := each(ctx, s.Warehouse, sql, func(rows *warehouse.Rows) error {
		var c candidate[uuid.UUID]
		err := rows.Scan(&c.product, &c.seller, &c.category, &c.strength)
		out = append(out, c)
		return err
	})
	return out, err
}

// describe adds what is known of the products, of that store where it is one.
func (s *Source) describe(ctx context.Context, store uuid.UUID, list []Suggestion) error {
	if len(list) == 0 {
		return nil
	}
	ids := make([]uuid.UUID, len(list))
	for i := range list {
		ids[i] = list[i].Product
	}
	sql := fmt.Sprintf("SELECT product_id, name, store_id, category FROM %s WHERE product_id IN %s",
		table(s.Schema, "dim_product"), oneOf(ids))
	if store != uuid.Nil {
		sql += " AND store_id = toUUID('" + store.String() + "')"
	}
	return each(ctx, s.Warehouse, sql, func(rows *warehouse.Rows) error {
		var d Suggestion
		if err := rows.Scan(&d.Product, &d.Name, &d.Store, &d.Category); err != nil {
			return err
		}
		i := slices.Index(ids, d.Product)
		list[i].Name, list[i].Store, list[i].Category = d.Name, d.Store, d.Category
		return nil
	})
}
