package recommend

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// Catalogue numbers the products that an evaluation ranks.
type Catalogue struct {
	ids        []uuid.UUID
	index      map[uuid.UUID]int32
	sellers    []string // store of each product
	categories []string
}

// Size is how many products there are.
func (c *Catalogue) Size() int { return len(c.ids) }

// ID is the id of a product.
func (c *Catalogue) ID(product int32) uuid.UUID { return c.ids[product] }

// Stores numbers the stores that the products belong to.
func (c *Catalogue) Stores() []int32 {
	numbers, out := map[string]int32{}, make([]int32, len(c.sellers))
	for i, seller := range c.sellers {
		if _, known := numbers[seller]; !known {
			numbers[seller] = int32(len(numbers))
		}
		out[i] = numbers[seller]
	}
	return out
}

// ReadCatalogue reads every product that is known.
func ReadCatalogue(ctx context.Context, w Warehouse, schema string) (*Catalogue, error) {
	c := &Catalogue{index: map[uuid.UUID]int32{}}
	sql := fmt.Sprintf("SELECT product_id, toString(store_id), category FROM %s ORDER BY toString(product_id)", table(schema, "dim_product"))
	err := each(ctx, w, sql, func(rows *warehouse.Rows) error {
		var id uuid.UUID
		var seller, category string
		err := rows.Scan(&id, &seller, &category)
		c.index[id] = int32(len(c.ids))
		c.ids, c.sellers, c.categories = append(c.ids, id), append(c.sellers, seller), append(c.categories, category)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the products: %w", err)
	}
	return c, nil
}

// maxVisits bounds what an evaluation reads: the newest count.
const maxVisits = 2_000_000

// sessionsQuery gives each session's products in the order of their first touch.
const sessionsQuery = `SELECT toUnixTimestamp64Milli(session_started_at) AS at, 0 AS is_order,
    arrayMap(touch -> touch.2, arraySort(groupArray((touched_at, product)))) AS products
FROM (
    SELECT session_id, session_started_at, product, min(timestamp) AS touched_at
    FROM (
        SELECT session_id, session_started_at, timestamp,
            arrayJoin(multiIf(event_type = 'product_viewed', [product_id], event_type = 'purchase_completed', purchased_product_ids, [])) AS product
        FROM %s
    )
    WHERE product != toUUID('` + noStore + `')
    GROUP BY session_id, session_started_at, product
)
GROUP BY session_id, session_started_at`

// ordersQuery gives what each user ordered on each day.
const ordersQuery = `SELECT toUnixTimestamp64Milli(min(orders.created_at)), 1, arraySort(groupUniqArray(items.product_id))
FROM %s AS items
INNER JOIN %s AS orders ON orders.order_id = items.order_id
WHERE items.is_placed AND items.user_id != toUUID('` + noStore + `')
GROUP BY items.user_id, items.date`

// ReadVisits reads the sessions and the orders of every user's days, the oldest
// first.
func ReadVisits(ctx context.Context, w Warehouse, schema string, c *Catalogue) ([]Visit, error) {
	sql := fmt.Sprintf("SELECT at, is_order, products FROM (\n"+sessionsQuery+"\nUNION ALL\n"+ordersQuery+"\n) ORDER BY at DESC, products LIMIT %d",
		table(schema, "session_events"), table(schema, "order_item_facts"), table(schema, "order_facts"), maxVisits)
	var visits []Visit
	err := each(ctx, w, sql, func(rows *warehouse.Rows) error {
		var at int64
		var isOrder uint8
		var products []uuid.UUID
		if err := rows.Scan(&at, &isOrder, &products); err != nil {
			return err
		}
		v := Visit{At: time.UnixMilli(at).UTC(), Order: isOrder == 1}
		for _, id := range products {
			if number, known := c.index[id]; known {
				v.Products = append(v.Products, number)
			}
		}
		visits = append(visits, v)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the visits: %w", err)
	}
	slices.Reverse(visits)
	return visits, nil
}
