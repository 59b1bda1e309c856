package main

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/tiendi/tiendi/internal/postgres/postgrestest"
)

// What a day's sales are, by the shop's database and by the warehouse.
const (
	salesInPostgres = `SELECT coalesce(string_agg(concat_ws(' ', date, orders, units, gmv, delivered), E'\n' ORDER BY date), '') FROM (
		SELECT (o.created_at AT TIME ZONE 'UTC')::date AS date, count(*) FILTER (WHERE status <> 'CANCELADO') AS orders,
			coalesce(sum(i.units) FILTER (WHERE status <> 'CANCELADO'), 0) AS units, coalesce(sum(i.gmv) FILTER (WHERE status <> 'CANCELADO'), 0)::numeric(18, 2) AS gmv,
			count(*) FILTER (WHERE status = 'ENTREGADO') AS delivered
		FROM orders AS o LEFT JOIN (SELECT order_id, sum(quantity) AS units, sum(subtotal) AS gmv FROM order_items GROUP BY order_id) AS i ON i.order_id = o.id
		GROUP BY 1) AS days`
	salesInWarehouse = `select arrayStringConcat(groupArray(line), '\n') from (
		select concat(toString(date), ' ', toString(sum(orders)), ' ', toString(sum(units_sold)), ' ', toDecimalString(sum(gmv), 2), ' ', toString(sum(delivered_orders))) as line
		from $db.daily_metrics group by date order by date)`
)

// TestCDCFigures is the way of who tries it on a laptop, where nothing but the shop's
// PostgreSQL is a server: the figures of each day are those of the shop's own database,
// at first, and after a day's work in which a column was added.
func TestCDCFigures(t *testing.T) {
	t.Parallel()
	s := newStreamShop(t)
	url := postgrestest.Database(t)
	run := func(args ...string) string {
		t.Helper()
		var out bytes.Buffer
		cmd := s.command(args...)
		cmd.Env = append(cmd.Environ(), "TIENDI_CDC_URL="+url, "TIENDI_CDC_SLOT=cdc_figures")
		cmd.Stdout, cmd.Stderr = &out, &out
		if err := cmd.Run(); err != nil {
			t.Fatalf("tiendi %s: %v\n%s", strings.Join(args, " "), err, &out)
		}
		return out.String()
	}
	db, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close(context.Background()) }()
	same := func(build ...string) {
		t.Helper()
		t.Log(run("cdc", "--once") + run("stream", "--once"))
		run(build...)
		var want string
		if err := db.QueryRow(t.Context(), salesInPostgres).Scan(&want); err != nil {
			t.Fatal(err)
		}
		if got := s.value(t, salesInWarehouse); got != want || strings.Count(want, "\n") < 3 {
			t.Errorf("date, orders, units, gmv and delivered orders are\n%s\nwant\n%s", got, want)
		}
	}
	run("cdc", "init")
	t.Log(run("generate", "--to", "postgres", "--days", "5", "--users", "300"))
	same("build")
	t.Log(run("generate", "--to", "postgres", "--for", "500ms", "--rate", "500"))
	if _, err := db.Exec(t.Context(), "ALTER TABLE orders ADD COLUMN coupon text; UPDATE orders SET coupon = 'SPRING' WHERE total > 50", pgx.QueryExecModeSimpleProtocol); err != nil {
		t.Fatal(err)
	}
	same("run", "-s", "+daily_metrics")
	if n := s.value(t, "select countIf(coupon = 'SPRING') > 0 from $db.orders_raw"); n != "1" {
		t.Error("the added column is not in orders_raw")
	}
	run("cdc", "drop")
}
