package report

import (
	"fmt"
	"strings"
	"time"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// historyDays is how far back a report looks: two weeks show a trend and hold
// the same weekday twice.
const historyDays = 14

// topProducts is how many best sellers a report lists.
const topProducts = 10

func table(schema, name string) string {
	return warehouse.Ident(schema) + "." + warehouse.Ident(name)
}

func day(d time.Time) string {
	return "toDate(" + warehouse.Literal(d.Format(time.DateOnly)) + ")"
}

// where limits a mart to the subject's rows.
func (s subject) where() string {
	if s.store == "" {
		return "1"
	}
	return "store_id = toUUID(" + warehouse.Literal(s.store) + ")"
}

// spanQuery finds how far the data reach before today, on whatever store they
// are, and the subject's own newest day among them.
func (s subject) spanQuery(schema string, today time.Time) string {
	return fmt.Sprintf("SELECT min(date), max(date), maxIf(date, %[2]s), countIf(%[2]s) FROM %[1]s WHERE date < %[3]s",
		table(schema, "daily_metrics"), s.where(), day(today))
}

// figuresQuery gives a row a day from the query that defines a KPI: its
// figures as text, so that no money passes through a float.
func (s subject) figuresQuery(kpi, definition string, date time.Time) string {
	var columns []string
	scoped := fmt.Sprintf(" AND scope = %s AND %s", warehouse.Literal(s.scope), s.where())
	for _, f := range s.figures {
		if f.kpi != kpi {
			continue
		}
		columns = append(columns, "toString(toNullable("+warehouse.Ident(f.column)+"))")
		if f.platform {
			scoped = ""
		}
	}
	return fmt.Sprintf("SELECT period_start, [%s] FROM (\n%s\n) WHERE grain = 'day'%s AND period_start BETWEEN %s AND %s",
		strings.Join(columns, ", "), definition, scoped,
		day(date.AddDate(0, 0, 1-historyDays)), day(date))
}

// productsQuery lists the day's best sellers. The conversion rate is the
// product's own, over all stores that show it.
func (s subject) productsQuery(schema string, date time.Time) string {
	return fmt.Sprintf(`SELECT
    if(products.name = '', toString(sold.product_id), products.name),
    toInt64(sold.units), toString(sold.gmv), toInt64(sold.views), toString(metrics.product_conversion_rate)
FROM (
    SELECT product_id, sum(units_sold) AS units, sum(gmv) AS gmv, sum(product_views) AS views
    FROM %s WHERE %s AND date = %s
    GROUP BY product_id HAVING units > 0
) AS sold
LEFT JOIN %s AS products ON products.product_id = sold.product_id
LEFT JOIN (SELECT * FROM %s WHERE date = %s) AS metrics ON metrics.product_id = sold.product_id
ORDER BY sold.gmv DESC, sold.units DESC, sold.product_id
LIMIT %d`,
		table(schema, "product_mart"), s.where(), day(date),
		table(schema, "dim_product"), table(schema, "product_metrics"), day(date), topProducts)
}

func (s subject) funnelQuery(schema string, date time.Time) string {
	return fmt.Sprintf(`SELECT step, toInt64(sum(sessions)) FROM %s
WHERE scope = %s AND %s AND date = %s
GROUP BY step_number, step ORDER BY step_number`,
		table(schema, "funnel_mart"), warehouse.Literal(s.scope), s.where(), day(date))
}

// storesQuery finds stores by id or by name, whatever the case.
func storesQuery(schema, wanted string) string {
	return fmt.Sprintf(`SELECT toString(store_id), name FROM %s
WHERE toString(store_id) = lower(%[2]s) OR lowerUTF8(name) = lowerUTF8(%[2]s)
ORDER BY name, store_id LIMIT 11`, table(schema, "dim_store"), warehouse.Literal(wanted))
}

// nearStoresQuery lists the stores whose names are nearest to what was asked.
func nearStoresQuery(schema, wanted string) string {
	return fmt.Sprintf("SELECT name FROM %s ORDER BY editDistanceUTF8(lowerUTF8(name), lowerUTF8(%s)), name LIMIT 3",
		table(schema, "dim_store"), warehouse.Literal(wanted))
}
