package oltp_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tiendi/tiendi/internal/ingest/generate"
	"github.com/tiendi/tiendi/internal/ingest/generate/oltp"
	"github.com/tiendi/tiendi/internal/postgres/postgrestest"
)

func TestMain(m *testing.M) { postgrestest.Main(m) }

// schema is the one that tiendi cdc init makes.
func schema(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "cdc", "marketplace", "0001_marketplace.sql"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestFillAndChange(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	conn, err := oltp.Connect(ctx, postgrestest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	value := func(sql string) (v string) {
		t.Helper()
		if err := conn.QueryRow(ctx, "SELECT ("+sql+")::text").Scan(&v); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
		return v
	}
	if err := oltp.Empty(ctx, conn); err == nil || !strings.Contains(err.Error(), "tiendi cdc init") {
		t.Errorf("of a database without tables it says %v", err)
	}
	if _, err := conn.Exec(ctx, schema(t), pgx.QueryExecModeSimpleProtocol); err != nil {
		t.Fatal(err)
	}
	if err := oltp.Empty(ctx, conn); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "data")
	to := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	ledger, err := generate.Run(ctx, generate.Options{Out: dir, Seed: 1, From: to.AddDate(0, 0, -20), To: to, Users: 500, History: true})
	if err != nil {
		t.Fatal(err)
	}
	tables, err := oltp.Fill(ctx, conn, dir)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]int64{"stores": ledger.Tables.Stores, "users": ledger.Tables.Users, "products": ledger.Tables.Products,
		"orders": ledger.Tables.Orders, "order_items": ledger.Tables.OrderItems, "subscriptions": ledger.Tables.Subscriptions}
	for _, table := range tables {
		if table.Rows != want[table.Name] {
			t.Errorf("%s has %d rows, want %d", table.Name, table.Rows, want[table.Name])
		}
	}
	if len(tables) != len(want) {
		t.Errorf("filled %v", tables)
	}
	if got := value("SELECT sum(subtotal) FROM orders WHERE status <> 'CANCELADO'"); got != ledger.Sales.GMV {
		t.Errorf("GMV is %s, want %s", got, ledger.Sales.GMV)
	}
	if err := oltp.Empty(ctx, conn); !errors.Is(err, oltp.ErrFilled) {
		t.Errorf("of a database that is filled it says %v", err)
	}

	changed, err := oltp.Change(ctx, conn, oltp.Options{Rate: 2000, For: 500 * time.Millisecond, Now: time.Now, Progress: func(int64) {}})
	if err != nil || changed.Rows == 0 || changed.Orders == 0 {
		t.Fatalf("changed %+v: %v", changed, err)
	}
	for what, sql := range map[string]string{
		"orders whose sum is not that of their items": `SELECT count(*) FROM orders o WHERE subtotal <> (SELECT sum(subtotal) FROM order_items i WHERE i.order_id = o.id)`,
		"totals that are no sums":                     `SELECT count(*) FROM orders WHERE total <> subtotal + delivery_fee`,
		"items of no order":                           `SELECT count(*) FROM order_items WHERE order_id NOT IN (SELECT id FROM orders)`,
		"stores with two plans at once":               `SELECT count(*) FROM (SELECT store_id FROM subscriptions WHERE ended_at IS NULL GROUP BY store_id HAVING count(*) > 1) AS two`,
	} {
		if n := value(sql); n != "0" {
			t.Errorf("there are %s %s", n, what)
		}
	}
	if got, want := value("SELECT count(*) FROM orders"), ledger.Tables.Orders+changed.Orders; got != strconv.FormatInt(want, 10) {
		t.Errorf("%s orders, want %d", got, want)
	}
}
