package load_test

import (
	"context"
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tiendi/tiendi/internal/ingest/load"
	"github.com/tiendi/tiendi/internal/warehouse"
	"github.com/tiendi/tiendi/internal/warehouse/warehousetest"
)

// options are those of a load into db at a time when nothing is too old.
func options(t testing.TB, db *warehouse.Client, paths ...string) load.Options {
	return load.Options{
		Warehouse: db, Tables: models{t, db}, Database: db.Config().Database,
		Paths:    paths,
		Now:      time.Now,
		NewID:    newID,
		Logger:   slog.New(slog.NewTextHandler(io.Discard, nil)),
		Progress: func(load.Progress) {},
	}
}

// fixed is noon of a day in February 2026.
func fixed() time.Time { return time.Date(2026, 2, 1, 12, 0, 0, 0, time.UTC) }

func newID() string { return strings.ReplaceAll(uuid.NewString(), "-", "")[:12] }

func run(t testing.TB, o load.Options) *load.Result {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	r, err := load.Run(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.Files {
		if f.Err != nil {
			t.Fatalf("%s: %v", f.Path, f.Err)
		}
	}
	return r
}

// value is the first column of the first row as text.
func value(t testing.TB, db *warehouse.Client, sql string) string {
	t.Helper()
	rows, err := db.Query(context.Background(), "SELECT toString(("+sql+"))")
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	defer rows.Close()
	var s string
	for rows.Next() {
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return s
}

func mustExec(t testing.TB, db *warehouse.Client, sql string) {
	t.Helper()
	if _, err := db.Exec(context.Background(), sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

func shared(t testing.TB, name string) string {
	return repoFile(t, filepath.Join("shared/data", name))
}

// realCounts are the figures of the shared data's own description.
var realCounts = map[string]string{
	"SELECT count() FROM events_raw":                       "17434",
	"SELECT uniqExact(event_id) FROM events_raw":           "17429",
	"SELECT count() FROM orders_raw":                       "7433",
	"SELECT count() FROM order_items_raw":                  "7606",
	"SELECT count() FROM products_raw":                     "5460",
	"SELECT count() FROM stores_raw":                       "1610",
	"SELECT count() FROM users_raw":                        "7263",
	"SELECT count() FROM subscriptions_raw":                "1801",
	"SELECT countIf(status = 'ENTREGADO') FROM orders_raw": "5242",
	"SELECT sum(subtotal) FROM order_items_raw WHERE order_id IN (SELECT id FROM orders_raw WHERE status != 'CANCELADO')": "996021.39",
	"SELECT count() FROM load_rejects": "0",
}

func checkReal(t *testing.T, db *warehouse.Client) {
	t.Helper()
	for sql, want := range realCounts {
		if got := value(t, db, sql); got != want {
			t.Errorf("%s gave %s, want %s", sql, got, want)
		}
	}
}

func TestRealDataTwiceIsRealDataOnce(t *testing.T) {
	db := warehousetest.Open(t)
	o := options(t, db, shared(t, "marketplace"), shared(t, "clicks"))
	o.TTLYears, o.AllowExpired = 2, true
	first := run(t, o)
	checkReal(t, db)
	for _, f := range first.Files {
		if f.Rows != f.New || f.Rejected != 0 || f.Skipped() {
			t.Errorf("first load of %s: %+v", f.Path, f)
		}
	}
	for _, f := range run(t, o).Files {
		if !f.Skipped() {
			t.Errorf("second load of %s was not skipped", f.Path)
		}
	}
	mustExec(t, db, "OPTIMIZE TABLE events_raw FINAL") // which applies its TTL
	o.Reload = true
	for _, f := range run(t, o).Files {
		if f.New != 0 || f.Rows == 0 {
			t.Errorf("third load of %s: %d rows, %d new", f.Path, f.Rows, f.New)
		}
	}
	checkReal(t, db)
}
