package load_test

import (
	"bytes"
	"math/big"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/deprecated"

	"github.com/tiendi/tiendi/internal/ingest/load"
	"github.com/tiendi/tiendi/internal/warehouse"
	"github.com/tiendi/tiendi/internal/warehouse/warehousetest"
)

func parquetFile[T any](t *testing.T, name string, rows []T, options ...parquet.WriterOption) string {
	t.Helper()
	var b bytes.Buffer
	w := parquet.NewGenericWriter[T](&b, options...)
	if _, err := w.Write(rows); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return write(t, name, b.String())
}

type textOrder struct {
	ID      string `parquet:"id"`
	Store   string `parquet:"store_id"`
	User    string `parquet:"user_id"`
	Status  string `parquet:"status,dict"`
	Sub     string `parquet:"subtotal"`
	Fee     string `parquet:"delivery_fee"`
	Total   string `parquet:"total"`
	Method  string `parquet:"payment_method,optional"`
	Created string `parquet:"created_at"`
	Updated string `parquet:"updated_at"`
}

type typedOrder struct {
	ID      uuid.UUID        `parquet:"id,uuid"`
	Store   [16]byte         `parquet:"store_id"`
	User    string           `parquet:"user_id"`
	Status  string           `parquet:"status,dict"`
	Sub     int64            `parquet:"subtotal,decimal(2:18)"`
	Fee     [8]byte          `parquet:"delivery_fee,decimal(2:18)"`
	Total   int32            `parquet:"total,decimal(1:9)"`
	Method  *string          `parquet:"payment_method,optional"`
	Created time.Time        `parquet:"created_at,timestamp(microsecond)"`
	Updated deprecated.Int96 `parquet:"updated_at"`
}

func fixedBytes(n int64) (b [8]byte) {
	v := big.NewInt(n)
	if n < 0 {
		v.Add(v, new(big.Int).Lsh(big.NewInt(1), 64))
	}
	v.FillBytes(b[:])
	return b
}

// content is a hash of what a table's rows hold, their arrival aside.
func content(t *testing.T, db *warehouse.Client, table string) string {
	return value(t, db, "SELECT (count(), groupBitXor(cityHash64(* EXCEPT(_batch, _position, ingested_at)))) FROM "+table)
}

func TestFormatsGiveTheSameRows(t *testing.T) {
	at := time.Date(2026, 1, 5, 6, 7, 8, 9_000_000, time.UTC)
	nanos := at.Sub(at.Truncate(24 * time.Hour)).Nanoseconds()
	julian := uint32(at.Unix()/86_400 + 2_440_588)
	typed := typedOrder{
		ID: uuid.MustParse(uid(1)), Store: uuid.MustParse(uid(2)), User: uid(3), Status: "ENVIADO",
		Sub: 1999, Fee: fixedBytes(-150), Total: 185, Created: at,
		Updated: deprecated.Int96{uint32(nanos), uint32(nanos >> 32), julian},
	}
	const day = "2026-01-05T06:07:08.009Z"
	text := textOrder{uid(1), uid(2), uid(3), "ENVIADO", "19.99", "-1.50", "18.5", "", day, day}
	files := []string{
		parquetFile(t, "orders.parquet", []typedOrder{typed}),
		parquetFile(t, "orders.parquet", []textOrder{text}, parquet.Compression(&parquet.Zstd)),
		write(t, "orders.csv.gz", gz(ordersHeader+uid(1)+","+uid(2)+","+uid(3)+",ENVIADO,19.99,-1.50,18.50,,"+day+",2026-01-05 06:07:08.009\n")),
		write(t, "orders.ndjson", `{"id":"`+uid(1)+`","store_id":"`+uid(2)+`","user_id":"`+uid(3)+`","status":"ENVIADO","subtotal":19.99,"delivery_fee":-1.5,`+
			`"total":"18.50","payment_method":null,"created_at":"2026-01-05T08:07:08.009+02:00","updated_at":"`+day+`"}`),
	}
	want := ""
	for _, file := range files {
		db := warehousetest.Open(t)
		run(t, options(t, db, file))
		got := content(t, db, "orders_raw")
		if want == "" {
			want = got
			if row := value(t, db, "SELECT (id, store_id, subtotal, delivery_fee, total, payment_method, created_at, updated_at) FROM orders_raw"); row !=
				"('"+uid(1)+"','"+uid(2)+"',19.99,-1.5,18.5,'','2026-01-05 06:07:08.009','2026-01-05 06:07:08.009')" {
				t.Errorf("got %s", row)
			}
		}
		if got != want {
			t.Errorf("%s: %s, want %s", file, got, want)
		}
	}
}

func TestParquetRejectsAndRowGroups(t *testing.T) {
	db := warehousetest.Open(t)
	var rows []textOrder
	const day = "2026-01-05 00:00:00"
	for i := range 1000 {
		rows = append(rows, textOrder{uid(i), uid(2), uid(3), "ENVIADO", "1", "1", "2.00", "card", day, day})
	}
	rows[699].Total = "a lot"
	r := run(t, options(t, db, parquetFile(t, "orders.parquet", rows, parquet.MaxRowsPerRowGroup(300))))
	f := r.Files[0]
	if f.Rows != 999 || f.Rejected != 1 || f.Rejects[0].Line != 700 || f.Rejects[0].Pointer != "total" {
		t.Errorf("%+v", f)
	}
	if got := value(t, db, "SELECT (count(), uniqExact(_position), max(_position)) FROM orders_raw"); got != "(999,999,1000)" {
		t.Errorf("got %s", got)
	}
}

func TestParquetOfWrongTypes(t *testing.T) {
	type floats struct {
		ID      string  `parquet:"id"`
		Order   string  `parquet:"order_id"`
		Product string  `parquet:"product_id"`
		Number  int32   `parquet:"quantity"`
		Price   float64 `parquet:"price"`
		Sub     float32 `parquet:"subtotal"`
	}
	db := warehousetest.Open(t)
	r, err := load.Run(t.Context(), options(t, db, parquetFile(t, "order_items.parquet", []floats{{uid(1), uid(2), uid(3), 1, 9.9, 9.9}})))
	if err != nil {
		t.Fatal(err)
	}
	const want = "column price: is DOUBLE in the file, which cannot be read as Decimal(18, 2)\ncolumn subtotal: is FLOAT in the file, which cannot be read as Decimal(18, 2)"
	if r.Files[0].Err == nil || r.Files[0].Err.Error() != want {
		t.Errorf("got %v, want %s", r.Files[0].Err, want)
	}
}

// TestParquetOfTheEngine loads real data from a file that the engine wrote, in
// row groups and pages that do not begin at the same rows.
func TestParquetOfTheEngine(t *testing.T) {
	db := warehousetest.Open(t)
	for _, c := range []struct{ table, file, columns string }{
		{"orders_raw", "marketplace/orders.csv", orderColumns},
		{"events_raw", "clicks/events.ndjson", eventColumns},
	} {
		o := options(t, db, shared(t, c.file))
		o.AllowExpired = true
		run(t, o)
		want := content(t, db, c.table)
		path := filepath.Join(t.TempDir(), c.table+".parquet")
		mustExec(t, db, "INSERT INTO FUNCTION file("+warehouse.Literal(path)+", 'Parquet') SELECT "+c.columns+" FROM "+c.table+
			" SETTINGS output_format_parquet_row_group_size = 3000, output_format_parquet_data_page_size = 5000, max_threads = 1")
		mustExec(t, db, "TRUNCATE TABLE "+c.table)
		o.Paths, o.Workers = []string{path}, 4
		run(t, o)
		if got := content(t, db, c.table); got != want {
			t.Errorf("%s: got %s, want %s", c.table, got, want)
		}
	}
}
