package verify

import (
	"fmt"
	"strings"

	"github.com/tiendi/tiendi/internal/change"
)

// shopTable is a table of the shop's database and what is compared of it.
type shopTable struct {
	name   string
	keys   []string
	at     string   // the moment that its day is of; "" is that of its order
	sums   []string // columns
	advice string   // about its staging
}

var shopTables = []shopTable{
	{"orders", []string{"id"}, "created_at", []string{"subtotal", "delivery_fee", "total"}, backfillOf},
	{"order_items", []string{"id"}, "", []string{"quantity", "price", "subtotal"}, refreshOf},
	{"products", []string{"id"}, "created_at", []string{"price", "stock"}, runOf},
	{"stores", []string{"id"}, "created_at", []string{"commission_rate"}, runOf},
	{"users", []string{"id"}, "created_at", nil, runOf},
	{"subscriptions", []string{"store_id", "started_at"}, "started_at", []string{"monthly_fee"}, runOf},
}

func (t *shopTable) raw() string     { return t.name + "_raw" }
func (t *shopTable) staging() string { return t.name + "_staging" }

// moment is the column that the day is of; items have that of their order beside them.
func (t *shopTable) moment() string {
	if t.at == "" {
		return "created_at"
	}
	return t.at
}

// figures are rows and sums; their SQL is the same on both databases.
func figures(sums []string) (names, sql []string) {
	names, sql = []string{"rows"}, []string{"count(*)"}
	for _, c := range sums {
		names, sql = append(names, c), append(sql, "sum("+c+")")
	}
	return names, sql
}

// mirrored compares the shop's rows with their last versions in the raw table, as of
// the same place in PostgreSQL's log.
func (p *planner) mirrored(t *shopTable) {
	source, there := p.Source[t.name]
	if !there || !p.has(t.raw()) || t.at == "" && !p.has("orders_raw") {
		return
	}
	sums, moments := source.sums(t.sums), source
	if t.at == "" {
		moments = p.Source["orders"]
	}
	at := moments.moment(t.moment())
	if at == "" {
		p.notes = append(p.notes, fmt.Sprintf("the source's %s has no day: its %s is missing or no time", t.name, t.moment()))
		return
	}
	names, sql := figures(sums)
	asOf := fmt.Sprintf("_version <= toUInt128('%s')", change.Version{LSN: p.AsOf, Sequence: 1<<64 - 1}.Int()) // a bare number is a float
	rows := p.lastVersions(t, sums, asOf)
	if t.at == "" {
		orders := p.lastVersions(&shopTables[0], nil, asOf)
		rows = withOrders(rows, fmt.Sprintf("(SELECT id, at FROM %s WHERE %s)", orders, p.within("at", 0)))
	}
	p.add(Check{
		Table: t.name, From: Place{Source, t.name}, To: Place{Raw, t.raw()}, Figures: names, Advice: lookAtStream,
		Queries: []Query{
			{OnSource: true, SQL: p.sourceSQL(t, source, moments, at, sums)},
			{SQL: p.byDay(sql, rows, p.within("at", 0))},
		},
	})
}

// staged compares the last versions that staging has seen with what it holds of them.
func (p *planner) staged(t *shopTable) {
	if !p.has(t.raw(), t.staging()) || t.at == "" && !p.has("orders_staging") {
		return
	}
	staging := p.Relations[t.staging()]
	names, sql := figures(t.sums)
	rows := p.lastVersions(t, t.sums, p.seen(staging))
	held := fmt.Sprintf("(SELECT *, %s AS at FROM %s WHERE is_deleted = 0)", t.at, staging)
	if t.at == "" {
		orders := fmt.Sprintf("(SELECT id, created_at AS at FROM %s WHERE %s)", p.Relations["orders_staging"], p.within("created_at", 0))
		rows = withOrders(rows, orders)
		held = withOrders(fmt.Sprintf("(SELECT * FROM %s WHERE is_deleted = 0)", staging), orders)
	}
	p.add(Check{
		Table: t.name, From: Place{Raw, t.raw()}, To: Place{Staging, t.staging()}, Figures: names,
		Advice: fmt.Sprintf(t.advice, t.staging()),
		Queries: []Query{
			{SQL: p.byDay(sql, rows, p.within("at", 0))},
			{SQL: p.byDay(sql, held, p.within("at", 0))},
		},
	})
}

// lastVersions are the rows of a raw table, each as its last version of those that
// count says, without deleted ones. It is the models' own order of versions.
func (s *Shape) lastVersions(t *shopTable, sums []string, counted string) string {
	columns := append([]string{}, sums...)
	if t.at == "" {
		columns = append(columns, "order_id")
	}
	values := columns
	if t.at != "" {
		values = append(append([]string{}, columns...), t.at)
		columns = append(columns, "at")
	}
	out := append([]string{}, t.keys...)
	for i, c := range columns {
		out = append(out, fmt.Sprintf("latest.%d AS %s", i+1, c))
	}
	return fmt.Sprintf(`(
  SELECT %s FROM (
    SELECT %s, argMax(tuple(%s, _deleted), tuple(_version, updated_at, ingested_at, _position)) AS latest
    FROM %s WHERE %s GROUP BY %s
  ) WHERE latest.%d = 0
)`, strings.Join(out, ", "), strings.Join(t.keys, ", "), strings.Join(values, ", "), s.Relations[t.raw()], counted, strings.Join(t.keys, ", "), len(columns)+1)
}

// withOrders gives items the moments of their orders.
func withOrders(items, orders string) string {
	return fmt.Sprintf("(SELECT * FROM %s AS items INNER JOIN %s AS orders ON orders.id = items.order_id)", items, orders)
}
