package warehousetest

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"
	"golang.org/x/sync/errgroup"

	"github.com/tiendi/tiendi/internal/warehouse"
)

const orderColumns = " (id UUID, at DateTime64(3, 'UTC'), amount Decimal(18, 2), note Nullable(String), tags Array(String)) ENGINE = MergeTree ORDER BY id"

// testRoundTrip writes rows natively, by row and by column, and reads them back.
func testRoundTrip(t *testing.T, c *warehouse.Client) {
	exec(t, c, "CREATE TABLE orders"+orderColumns)
	id, at := uuid.MustParse(someID), instant("2024-02-29T12:30:00.123Z")
	b := prepare(t, c, "INSERT INTO orders")
	if err := b.Append(id, at, decimal.RequireFromString("1234567890123456.78"), nil, []string{"a", "b"}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Send(); err != nil {
		t.Fatal(err)
	}
	got := values(t, c, "SELECT * FROM orders")[0]
	if got[0] != id || !at.Equal(got[1].(time.Time)) || got[2].(decimal.Decimal).String() != "1234567890123456.78" || got[3] != nil || fmt.Sprint(got[4]) != "[a b]" {
		t.Errorf("read %v", got)
	}
}

func prepare(t *testing.T, c *warehouse.Client, sql string) *warehouse.Batch {
	t.Helper()
	b, err := c.PrepareBatch(t.Context(), sql)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	return b
}

func testBatch(t *testing.T, c *warehouse.Client) {
	exec(t, c, "CREATE TABLE n (n UInt64, s String) ENGINE = MergeTree ORDER BY n")
	b := prepare(t, c, "INSERT INTO n (n, s)")
	numbers, texts := make([]uint64, 100000), make([]string, 100000)
	for i := range numbers {
		numbers[i], texts[i] = uint64(i), fmt.Sprint(i)
	}
	if err := errors.Join(b.AppendColumn(0, numbers), b.AppendColumn(1, texts)); err != nil {
		t.Fatal(err)
	}
	if b.Rows() != len(numbers) {
		t.Errorf("batch of %d rows", b.Rows())
	}
	if err := b.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := b.Append(uint64(100000), "last"); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Send(); err != nil {
		t.Fatal(err)
	}
	given := prepare(t, c, "INSERT INTO n (n, s)")
	if err := given.Append(uint64(1), "never sent"); err != nil {
		t.Fatal(err)
	}
	if err := given.Append("wrong", 1); err == nil {
		t.Error("a value of the wrong type was taken")
	}
	if err := given.Close(); err != nil {
		t.Error(err)
	}
	if n := number(t, c, "SELECT count() FROM n"); n != 100001 {
		t.Errorf("%d rows, want 100001", n)
	}
	if _, err := c.PrepareBatch(t.Context(), "INSERT INTO no_such_table"); !warehouse.IsCode(err, warehouse.CodeUnknownTable) {
		t.Errorf("missing table: %v", err)
	}
}

// testBatchThenQuery lends the connection of a batch to a query as soon as it is free:
// what ends the batch must not end the query. Several do so, which has the driver's own
// goroutines come late.
func testBatchThenQuery(t *testing.T, c *warehouse.Client) {
	cfg := c.Config()
	cfg.MaxOpenConns = 1
	var g errgroup.Group
	for i := range 4 {
		one, table := OpenOn(t, cfg), fmt.Sprintf("n%d", i)
		exec(t, one, "CREATE TABLE "+table+" (n UInt64) ENGINE = Memory")
		g.Go(func() error {
			for n := range 150 {
				if err := insertThenCount(t.Context(), one, table, uint64(n)); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		t.Error(err)
	}
}

// insertThenCount adds the n-th row.
func insertThenCount(ctx context.Context, c *warehouse.Client, table string, n uint64) error {
	b, err := c.PrepareBatch(ctx, "INSERT INTO "+table)
	if err != nil {
		return err
	}
	if err = b.Append(n); err == nil {
		_, err = b.Send()
	}
	if err = errors.Join(err, b.Close()); err != nil {
		return err
	}
	rows, err := c.Query(ctx, "SELECT count() FROM "+table)
	if err != nil {
		return err
	}
	var have uint64
	err = rows.Each(func(r *warehouse.Rows) error { return r.Scan(&have) })
	if err == nil && have != n+1 {
		err = fmt.Errorf("%d rows, want %d", have, n+1)
	}
	return err
}

func testInsertStream(t *testing.T, c *warehouse.Client) {
	exec(t, c, "CREATE TABLE orders"+orderColumns)
	csv := someID + ",2024-02-29 12:30:00.123,0.10,\\N,\"['x']\"\n"
	stats, err := c.InsertStream(t.Context(), "INSERT INTO orders FORMAT CSV", strings.NewReader(strings.Repeat(csv, 1000)), "")
	if err != nil {
		t.Fatal(err)
	}
	if stats.WrittenRows != 1000 {
		t.Errorf("stats %+v", stats)
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	for i := range 1000 {
		if _, err := fmt.Fprintf(z, `{"id":"%s","amount":0.2,"note":"n%d"}`+"\n", uuid.NewString(), i); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := c.InsertStream(t.Context(), "INSERT INTO orders (id, amount, note) FORMAT JSONEachRow", &packed, "gzip"); err != nil {
		t.Fatal(err)
	}
	if got := one(t, c, "SELECT toString(sum(amount)) FROM orders"); got != "300" {
		t.Errorf("sum %v, want 300", got)
	}
}

func testInsertStreamErrors(t *testing.T, c *warehouse.Client) {
	exec(t, c, "CREATE TABLE n (n UInt64) ENGINE = MergeTree ORDER BY n")
	const insert = "INSERT INTO n FORMAT TSV"
	_, err := c.InsertStream(t.Context(), "INSERT INTO no_such_table FORMAT TSV", strings.NewReader("1\n"), "")
	if !warehouse.IsCode(err, warehouse.CodeUnknownTable) {
		t.Errorf("missing table: %v", err)
	}
	var e *warehouse.Error
	// The server refuses while most of the data has not been sent yet.
	_, err = c.InsertStream(t.Context(), insert, io.LimitReader(endless{}, 256<<20), "")
	if !errors.As(err, &e) || e.Code != 27 || e.Name == "" || strings.Contains(e.Message, "DB::Exception") {
		t.Errorf("malformed data: %v", err)
	}
	broken := errors.New("disk on fire")
	_, err = c.InsertStream(t.Context(), insert, io.MultiReader(strings.NewReader("1\n"), failing{broken}), "")
	if !errors.Is(err, broken) {
		t.Errorf("failing reader: %v", err)
	}
	if n := number(t, c, "SELECT count() FROM n"); n != 0 {
		t.Errorf("%d rows of failed inserts are stored", n)
	}
	cfg := c.Config()
	cfg.HTTPAddr = ""
	native := OpenOn(t, cfg)
	if _, err := native.InsertStream(t.Context(), insert, strings.NewReader("1\n"), ""); !errors.Is(err, warehouse.ErrNoHTTP) {
		t.Errorf("no HTTP address: %v", err)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
