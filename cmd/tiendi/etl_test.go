package main

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/tiendi/tiendi/internal/postgres/postgrestest"
)

// shopTables are the shop's own, with types and columns that the raw tables do not
// have, and one without updated_at.
const shopTables = `
CREATE TYPE order_status AS ENUM ('PENDIENTE', 'ENTREGADO');
CREATE TABLE stores (id uuid PRIMARY KEY, name text NOT NULL, email text, language text, city text, state text,
	commission_rate numeric(6,4), plan text, created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL, password text);
CREATE TABLE users (id uuid PRIMARY KEY, city text, state text, created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL);
CREATE TABLE products (id uuid PRIMARY KEY, store_id uuid, name text, category text, price numeric(12,2), stock int, created_at timestamptz, updated_at timestamptz);
CREATE TABLE orders (id uuid PRIMARY KEY, store_id uuid, user_id uuid, status order_status, subtotal numeric(12,2), delivery_fee numeric(12,2),
	total numeric(12,2), payment_method text, created_at timestamptz, updated_at timestamptz);
CREATE TABLE order_items (id uuid PRIMARY KEY, order_id uuid, product_id uuid, quantity int, price numeric(12,2), subtotal numeric(12,2));
CREATE TABLE subscriptions (store_id uuid, plan text, monthly_fee numeric(12,2), started_at timestamptz, ended_at timestamptz, updated_at timestamptz);
INSERT INTO stores SELECT '00000000-0000-4000-8000-000000000001', 'Café "La Ñ", S.A.', 'a@example.com', 'es', 'Lima', 'Lima', 0.1, 'pro', now() - interval '9 days', now() - interval '9 days', 'secret';
INSERT INTO users SELECT '00000000-0000-4000-8000-000000000002', NULL, '', now() - interval '9 days', now() - interval '9 days';
INSERT INTO products SELECT '00000000-0000-4000-8000-000000000003', '00000000-0000-4000-8000-000000000001', E'two\nlines', 'c', 12.30, 4, now() - interval '9 days', now() - interval '9 days';
INSERT INTO orders SELECT ('00000000-0000-4000-8000-0000000001' || lpad(n::text, 2, '0'))::uuid, '00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002',
	'PENDIENTE', 12.30, 1, 13.30, 'card', now() - interval '5 days', now() - interval '5 days' FROM generate_series(1, 20) n;
INSERT INTO order_items SELECT gen_random_uuid(), id, '00000000-0000-4000-8000-000000000003', 1, 12.30, 12.30 FROM orders;
INSERT INTO subscriptions VALUES ('00000000-0000-4000-8000-000000000001', 'pro', 20, now() - interval '9 days', NULL, now() - interval '9 days');`

// TestETLFromPostgreSQL reads the shop's tables straight: what has changed since, and
// nothing twice.
func TestETLFromPostgreSQL(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	url := postgrestest.Database(t)
	db, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close(t.Context()) }()
	exec := func(sql string) {
		t.Helper()
		if _, err := db.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	exec(shopTables)
	night := func(flags ...string) outcome {
		t.Helper()
		cmd := s.command(append([]string{"etl", "--max-wait", "0", "--notify", "none", "--restart"}, flags...)...)
		cmd.Env = append(cmd.Env, "TIENDI_SOURCE="+url)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return outcome{stderr: string(out)}
	}
	if o := night(); !strings.Contains(o.stderr, "orders 20, order_items 20, subscriptions 1") {
		t.Errorf("the first night: %s", o.stderr)
	}
	exec("UPDATE orders SET status = 'ENTREGADO', updated_at = now() WHERE right(id::text, 1) = '7'")
	if o := night("--steps", "wait,extract"); !strings.Contains(o.stderr, "products 0, orders 2, order_items 0") {
		t.Errorf("the second night: %s", o.stderr)
	}
	if o := night(); !strings.Contains(o.stderr, "orders 0, order_items 0") {
		t.Errorf("nothing new: %s", o.stderr)
	}
	for sql, want := range map[string]string{
		"select toString(count()) from $db.orders_raw":                                                              "22",
		"select toString(countIf(status = 'ENTREGADO')) || '/' || toString(count()) from $db.orders":                "2/20",
		"select toString(sum(gmv)) from $db.sales_mart":                                                             "246",
		"select name from $db.products":                                                                             "two\nlines",
		"select name from $db.stores":                                                                               `Café "La Ñ", S.A.`,
		"select toString(abs(dateDiff('second', max(created_at), now() - toIntervalDay(5))) < 600) from $db.orders": "1",
	} {
		if got := s.value(t, sql); got != want {
			t.Errorf("%s = %q, want %q", sql, got, want)
		}
	}
	exec("DROP TABLE products")
	o := s.try(t, "etl", "--max-wait", "0", "--steps", "wait,extract", "--restart", "--source", url)
	if o.code != exitFailed || !strings.Contains(o.stderr, "no table products") {
		t.Errorf("a table is missing: %d, %s", o.code, o.stderr)
	}
	if o := s.try(t, "etl", "--max-wait", "0", "--steps", "wait,extract", "--restart", "--source", "postgres://u:hidden@127.0.0.1:1/none"); o.code != exitFailed || strings.Contains(o.stderr, "hidden") {
		t.Errorf("no server: %d, %s", o.code, o.stderr)
	}
}
