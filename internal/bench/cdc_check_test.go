package bench

import (
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// mirrored are the columns of each staging table, its key first, and how each is written
// as text: u an id, s a text, l a large one, i a number, dN one with N decimals, t a time.
var mirrored = map[string]string{
	"users":       "id:u | city:s state:s created_at:t updated_at:t",
	"stores":      "id:u | name:l email:s language:s city:s state:s commission_rate:d6 plan:s created_at:t updated_at:t",
	"products":    "id:u | store_id:u name:l category:s price:d2 stock:i created_at:t updated_at:t",
	"orders":      "id:u | store_id:u user_id:u status:s subtotal:d2 delivery_fee:d2 total:d2 payment_method:s created_at:t updated_at:t",
	"order_items": "id:u | order_id:u product_id:u quantity:i price:d2 subtotal:d2",
	// Its key has two columns.
	"subscriptions": "store_id:u started_at:t | plan:s monthly_fee:d2 ended_at:t updated_at:t",
}

// How PostgreSQL and ClickHouse write them; %[1]s is the column.
var (
	inPostgres = map[string]string{
		"u": "%[1]s::text", "s": "%[1]s", "l": "md5(%[1]s)", "i": "%[1]s::text", "d": "%[1]s::text", "t": "(extract(epoch FROM %[1]s) * 1000)::bigint::text",
	}
	inWarehouse = map[string]string{
		"u": "toString(%[1]s)", "s": "toString(%[1]s)", "l": "lower(hex(MD5(%[1]s)))", "i": "toString(%[1]s)",
		"d": "toDecimalString(%[1]s, %[2]s)", "t": "toString(toUnixTimestamp64Milli(%[1]s))",
	}
)

// textsOf are a row's columns as one text.
func textsOf(columns, join string, forms map[string]string, null string) string {
	var parts []string
	for column := range strings.FieldsSeq(columns) {
		name, kind, _ := strings.Cut(column, ":")
		text := strings.NewReplacer("%[1]s", name, "%[2]s", kind[1:]).Replace(forms[kind[:1]])
		parts = append(parts, fmt.Sprintf(null, text))
	}
	return fmt.Sprintf(join, strings.Join(parts, ", "))
}

// check holds every staging table against its source, row for row.
func (m *mirror) check(t *testing.T) {
	t.Helper()
	for table, columns := range mirrored {
		key, rest, _ := strings.Cut(columns, "|")
		texts := func(join string, forms map[string]string, null string) string {
			return textsOf(key, join, forms, null) + ", " + textsOf(rest, join, forms, null)
		}
		want := m.rows(t, "SELECT "+texts("concat_ws('|', %s)", inPostgres, "coalesce(%s, 'NULL')")+" FROM "+table)
		got := m.staged(t, "SELECT "+texts("arrayStringConcat([%s], '|')", inWarehouse, "ifNull(%s, 'NULL')")+" FROM "+table+"_staging WHERE is_deleted = 0")
		agree(t, table+"_staging", want, got)
	}
	// A column that was added is in the raw table, and whoever wants it takes it from there.
	agree(t, "the added column of orders_raw", m.rows(t, "SELECT id::text, coalesce(note, 'NULL') FROM orders"),
		m.staged(t, "SELECT toString(id), ifNull(tupleElement(argMax(tuple(note), _version), 1), 'NULL') FROM orders_raw GROUP BY id HAVING argMax(_deleted, _version) = 0"))
	agree(t, "change_rejects", nil, m.staged(t, "SELECT concat(_batch, toString(_position)), column_name FROM change_rejects"))
}

func (m *mirror) staged(t *testing.T, sql string) (rows map[string]string) {
	t.Helper()
	m.look(t, func(c *warehouse.Client) { rows = pairs(t, ask(t, c, sql)) })
	return rows
}

func (m *mirror) rows(t *testing.T, sql string) map[string]string {
	t.Helper()
	db, err := pgx.Connect(t.Context(), m.source)
	must(t, err)
	defer func() { _ = db.Close(t.Context()) }()
	found, err := db.Query(t.Context(), sql)
	must(t, err)
	all, err := pgx.CollectRows(found, func(r pgx.CollectableRow) (line []string, err error) {
		line = make([]string, 2)
		return line, r.Scan(&line[0], &line[1])
	})
	must(t, err)
	return pairs(t, all)
}
