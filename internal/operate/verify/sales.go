package verify

import "fmt"

// sales compares what the marts sum up of orders with the orders themselves.
func (p *planner) sales() {
	if !p.has("orders_staging", "order_items_staging") {
		return
	}
	placed, sold := "NOT "+isOneOf("status", p.Cancelled), isOneOf("status", p.Sold)
	for _, m := range []struct {
		mart           string
		names, counted []string
	}{
		{"sales_mart", []string{"orders", "units", "gmv", "delivery_fees"}, []string{"count()", "sum(units)", "sum(gmv)", "sum(delivery_fee)"}},
		{"daily_metrics", []string{"orders", "units_sold", "gmv", "delivered_orders", "delivered_gmv"}, []string{
			"countIf(" + placed + ")", "sumIf(units, " + placed + ")", "sumIf(gmv, " + placed + ")", "countIf(" + sold + ")", "sumIf(gmv, " + sold + ")",
		}},
		{"product_mart", []string{"units_sold", "gmv"}, []string{"sumIf(units, " + placed + ")", "sumIf(gmv, " + placed + ")"}},
		{"product_metrics", []string{"units_sold", "gmv"}, []string{"sumIf(units, " + placed + ")", "sumIf(gmv, " + placed + ")"}},
	} {
		if !p.has(m.mart) {
			continue
		}
		sums := make([]string, len(m.names))
		for i, name := range m.names {
			sums[i] = "sum(" + name + ")"
		}
		p.add(Check{
			Table: "orders", From: Place{Staging, "orders_staging"}, To: Place{Marts, m.mart}, Figures: m.names,
			Advice: fmt.Sprintf(runOf, "order_facts"),
			Queries: []Query{
				{SQL: p.byDay(m.counted, p.ordersWithItems(), "1")},
				{SQL: p.ofDays(sums, p.Relations[m.mart], "")},
			},
		})
	}
}

// ordersWithItems are the orders of the range with what their items sum up to.
func (p *planner) ordersWithItems() string {
	orders := fmt.Sprintf("%s WHERE is_deleted = 0 AND %s", p.Relations["orders_staging"], p.within("created_at", 0))
	return fmt.Sprintf(`(
  SELECT orders.status AS status, orders.delivery_fee AS delivery_fee, orders.created_at AS at, items.units AS units, items.gmv AS gmv
  FROM (SELECT * FROM %s) AS orders
  LEFT JOIN (
    SELECT order_id, sum(quantity) AS units, sum(subtotal) AS gmv FROM %s
    WHERE is_deleted = 0 AND order_id IN (SELECT id FROM %s) GROUP BY order_id
  ) AS items ON items.order_id = orders.id
)`, orders, p.Relations["order_items_staging"], orders)
}
