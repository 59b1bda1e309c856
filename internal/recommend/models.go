package recommend

import (
	"cmp"
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// Models is what Suggest answers, learnt by the project's own models: the
// statements of product_affinity and product_popularity, compiled to see only
// what was before the test.
type Models struct {
	Warehouse            Warehouse
	Affinity, Popularity string
	Catalogue            *Catalogue

	lists      map[int32][]Scored[int32]
	ranked     []candidate[int32]            // the most popular
	byCategory map[string][]candidate[int32] // the most popular of each category
}

// Name is how the table calls it.
func (*Models) Name() string { return "tiendi's models" }

// Train runs both statements; the visits are in the warehouse already.
func (m *Models) Train(ctx context.Context, _ []Visit, _ int) error {
	m.lists, m.byCategory = map[int32][]Scored[int32]{}, map[string][]candidate[int32]{}
	sql := "SELECT product_id, related_product_id, score FROM (\n" + m.Affinity + "\n) WHERE scope = 'platform'"
	err := each(ctx, m.Warehouse, sql, func(rows *warehouse.Rows) error {
		var product, related uuid.UUID
		var score float64
		err := rows.Scan(&product, &related, &score)
		of := m.Catalogue.index[product]
		m.lists[of] = append(m.lists[of], Scored[int32]{m.Catalogue.index[related], score})
		return err
	})
	if err != nil {
		return err
	}
	return m.readPopularity(ctx)
}

func (m *Models) readPopularity(ctx context.Context) error {
	sql := "SELECT product_id, strength, rank, rank_in_category FROM (\n" + m.Popularity + "\n) WHERE scope = 'platform' ORDER BY rank"
	return each(ctx, m.Warehouse, sql, func(rows *warehouse.Rows) error {
		var id uuid.UUID
		var strength float64
		var rank, rankInCategory uint64
		if err := rows.Scan(&id, &strength, &rank, &rankInCategory); err != nil {
			return err
		}
		number := m.Catalogue.index[id]
		category := m.Catalogue.categories[number]
		c := candidate[int32]{number, m.Catalogue.sellers[number], category, strength}
		if rank <= depthOverall {
			m.ranked = append(m.ranked, c)
		}
		if rankInCategory <= depthInCategory {
			m.byCategory[category] = append(m.byCategory[category], c)
		}
		return nil
	})
}

// Top is what Suggest gives.
func (m *Models) Top(query []int32, k int) []int32 {
	asked := latest(query)
	list := blend(asked, func(id int32) []Scored[int32] { return m.lists[id] }, cmp.Compare[int32])
	if len(list) >= k {
		return fillUp(list, nil, nil, k)
	}
	category, seller := m.Catalogue.categories[asked[0]], m.Catalogue.sellers[asked[0]]
	more := slices.Concat(m.byCategory[category], m.ranked)
	fallback(more, category, seller, cmp.Compare[int32])
	var popular []int32
	for _, c := range more {
		popular = append(popular, c.product)
	}
	return fillUp(list, asked, popular, k)
}
