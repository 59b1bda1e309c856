package load_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/warehouse"
	"github.com/tiendi/tiendi/internal/warehouse/warehousetest"
	"github.com/tiendi/tiendi/internal/ingest/load"
)

type timed struct{ *warehouse.Client }

func clip(s string) string { return s[:min(len(s), 110)] }
func (d timed) Exec(ctx context.Context, sql string, opts ...warehouse.Option) (warehouse.Stats, error) {
	t := time.Now()
	s, err := d.Client.Exec(ctx, sql, opts...)
	fmt.Fprintf(os.Stderr, "%8.0fms E %s\n", float64(time.Since(t).Microseconds())/1000, clip(sql))
	return s, err
}
func (d timed) Query(ctx context.Context, sql string, opts ...warehouse.Option) (*warehouse.Rows, error) {
	t := time.Now()
	s, err := d.Client.Query(ctx, sql, opts...)
	fmt.Fprintf(os.Stderr, "%8.0fms Q %s\n", float64(time.Since(t).Microseconds())/1000, clip(sql))
	return s, err
}
func (d timed) InsertStream(ctx context.Context, sql string, r io.Reader, encoding string, opts ...warehouse.Option) (warehouse.Stats, error) {
	t := time.Now()
	s, err := d.Client.InsertStream(ctx, sql, r, encoding, opts...)
	fmt.Fprintf(os.Stderr, "%8.0fms I %s\n", float64(time.Since(t).Microseconds())/1000, clip(sql))
	return s, err
}


func BenchmarkZZ(b *testing.B) {
	for _, c := range []contest{{"orders_raw", "marketplace/orders.csv", "Parquet", orderColumns, orderTypes, orderColumns, 100, false},
		{"events_raw", "clicks/events.ndjson", "Parquet", eventColumns, parquetEvents, eventColumns, 20, false}} {
		db := warehousetest.Open(b)
		(models{b, db}).Ensure(context.Background(), c.table, load.RejectsTable)
		path := exported(b, db, c)
		mustExec(b, db, "INSERT INTO FUNCTION file("+warehouse.Literal(path+".native")+", 'Native') SELECT * FROM file("+warehouse.Literal(path)+", 'Parquet', '"+c.structure+"')")
		n := c
		n.format = "Native"
		best := map[string]time.Duration{}
		keep := func(name string, d time.Duration) {
			if best[name] == 0 || d < best[name] { best[name] = d }
		}
		for range 4 {
			o := options(b, db, path)
			o.AllowExpired = true
			fmt.Fprintln(os.Stderr, "----", c.table)
			t := time.Now()
			run(b, o)
			keep("ours", time.Since(t))
			mustExec(b, db, "TRUNCATE TABLE "+c.table)
			mustExec(b, db, "TRUNCATE TABLE "+load.HistoryTable)
			keep("file", byFile(b, db, c, path))
			keep("fileNative", byFile(b, db, n, path+".native"))
			keep("httpNative", byHTTP(b, db, n, path+".native"))
		}
		fmt.Fprintln(os.Stderr, c.table, best)
	}
}
