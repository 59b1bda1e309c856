package load_test

import (
	"bufio"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/ingest/load"
	"github.com/tiendi/tiendi/internal/warehouse"
	"github.com/tiendi/tiendi/internal/warehouse/warehousetest"
)

// The engine's own ways into the same columns: what a user would write.
const (
	eventStructure = `event_id UUID, event_type LowCardinality(String), timestamp DateTime64(3,\'UTC\'), session_id UUID, user_id UUID, ` +
		`context Tuple(ip String, user_agent String, referrer String, page_url String, page_view_id String, device_type LowCardinality(String), os LowCardinality(String), browser LowCardinality(String)), properties String`
	eventColumns = `event_id, event_type, timestamp, session_id, user_id, store_id, ip, user_agent, referrer, page_url, page_view_id, device_type, os, browser, properties`
	eventSelect  = `event_id, event_type, timestamp, session_id, user_id, toUUIDOrZero(JSONExtractString(properties, 'store_id')), context.ip, context.user_agent, ` +
		`context.referrer, context.page_url, context.page_view_id, context.device_type, context.os, context.browser, properties`
	parquetEvents = `event_id UUID, event_type LowCardinality(String), timestamp DateTime64(3,\'UTC\'), session_id UUID, user_id UUID, store_id UUID, ip String, user_agent String, ` +
		`referrer String, page_url String, page_view_id String, device_type LowCardinality(String), os LowCardinality(String), browser LowCardinality(String), properties String`
	orderColumns = `id, store_id, user_id, status, subtotal, delivery_fee, total, payment_method, created_at, updated_at`
	orderTypes   = `id UUID, store_id UUID, user_id UUID, status LowCardinality(String), subtotal Decimal(18,2), delivery_fee Decimal(18,2), total Decimal(18,2), payment_method LowCardinality(String), created_at DateTime64(3,\'UTC\'), updated_at DateTime64(3,\'UTC\')`
)

// contest is one file and how the engine loads it by itself.
type contest struct {
	table, file, format, columns, structure, pick string
	copies                                        int
	header                                        bool // of CSV; in Parquet: all columns are text
}

// BenchmarkLoad reports how many rows a second are loaded, and that rate
// divided by the engine's own: xfile for INSERT … SELECT FROM file(), xhttp for
// the same bytes over HTTP.
func BenchmarkLoad(b *testing.B) {
	b.Run("events.ndjson", func(b *testing.B) {
		benchmark(b, contest{"events_raw", "clicks/events.ndjson", "JSONEachRow", eventColumns, eventStructure, eventSelect, 20, false})
	})
	b.Run("orders.csv", func(b *testing.B) {
		benchmark(b, contest{"orders_raw", "marketplace/orders.csv", "CSVWithNames", orderColumns, orderTypes, orderColumns, 100, true})
	})
	b.Run("events.parquet", func(b *testing.B) {
		benchmark(b, contest{"events_raw", "clicks/events.ndjson", "Parquet", eventColumns, parquetEvents, eventColumns, 20, false})
	})
	b.Run("orders.parquet", func(b *testing.B) {
		benchmark(b, contest{"orders_raw", "marketplace/orders.csv", "Parquet", orderColumns, orderTypes, orderColumns, 100, false})
	})
	b.Run("orders of text.parquet", func(b *testing.B) {
		benchmark(b, contest{"orders_raw", "marketplace/orders.csv", "Parquet", orderColumns, orderTypes, orderColumns, 100, true})
	})
}

func benchmark(b *testing.B, c contest) {
	db := warehousetest.Open(b)
	if err := (models{b, db}).Ensure(context.Background(), c.table, load.RejectsTable); err != nil {
		b.Fatal(err)
	}
	path := multiplied(b, c)
	if c.format == "Parquet" {
		path = exported(b, db, c)
	}
	var rows uint64
	var ours, file, http time.Duration
	for b.Loop() {
		started := time.Now()
		o := options(b, db, path)
		o.AllowExpired = true
		rows += run(b, o).Files[0].Rows
		ours += time.Since(started)
		mustExec(b, db, "TRUNCATE TABLE "+c.table)
		mustExec(b, db, "TRUNCATE TABLE "+load.HistoryTable)
		file += byFile(b, db, c, path)
		http += byHTTP(b, db, c, path)
	}
	b.ReportMetric(float64(rows)/ours.Seconds(), "rows/s")
	b.ReportMetric(file.Seconds()/ours.Seconds(), "xfile")
	b.ReportMetric(http.Seconds()/ours.Seconds(), "xhttp")
}

// multiplied writes a shared file several times over into one.
func multiplied(b *testing.B, c contest) string {
	data, err := os.ReadFile(shared(b, c.file))
	if err != nil {
		b.Fatal(err)
	}
	path := filepath.Join(b.TempDir(), filepath.Base(c.file))
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	body := string(data)
	if c.header {
		var header string
		header, body, _ = strings.Cut(body, "\n")
		_, _ = f.WriteString(header + "\n")
	}
	for range c.copies {
		if _, err := f.WriteString(body); err != nil {
			b.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
	return path
}

// exported is a shared file as Parquet, as the engine writes it.
func exported(b *testing.B, db *warehouse.Client, c contest) string {
	o := options(b, db, shared(b, c.file))
	o.AllowExpired = true
	run(b, o)
	path := filepath.Join(b.TempDir(), c.table+".parquet")
	// Ids are new in each copy, as they would be in a file of that size.
	names := strings.Split(c.columns, ", ")
	picks := slices.Clone(names)
	picks[0] = "generateUUIDv4(copies.number)"
	for i, name := range names {
		if c.header {
			picks[i] = "toString(" + picks[i] + ")"
		}
		picks[i] += " AS " + name
	}
	mustExec(b, db, "INSERT INTO FUNCTION file("+warehouse.Literal(path)+", 'Parquet') SELECT "+strings.Join(picks, ", ")+
		" FROM numbers("+strconv.Itoa(c.copies)+") AS copies CROSS JOIN "+c.table+" AS t SETTINGS max_threads = 1")
	mustExec(b, db, "TRUNCATE TABLE "+c.table)
	mustExec(b, db, "TRUNCATE TABLE "+load.HistoryTable)
	return path
}

func engineSettings() warehouse.Option {
	return warehouse.WithSettings(map[string]any{
		"input_format_json_read_objects_as_strings": 1, "date_time_input_format": "best_effort", "insert_deduplicate": 0,
	})
}

func byFile(b *testing.B, db *warehouse.Client, c contest, path string) time.Duration {
	started := time.Now()
	sql := "INSERT INTO " + c.table + " (" + c.columns + ") SELECT " + c.pick + " FROM file(" + warehouse.Literal(path) + ", '" + c.format + "', '" + c.structure + "')"
	if _, err := db.Exec(context.Background(), sql, engineSettings()); err != nil {
		b.Fatal(err)
	}
	took := time.Since(started)
	mustExec(b, db, "TRUNCATE TABLE "+c.table)
	return took
}

func byHTTP(b *testing.B, db *warehouse.Client, c contest, path string) time.Duration {
	f, err := os.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	started := time.Now()
	sql := "INSERT INTO " + c.table + " (" + c.columns + ") SELECT " + c.pick + " FROM input('" + c.structure + "') FORMAT " + c.format
	if _, err := db.InsertStream(context.Background(), sql, bufio.NewReader(f), "", engineSettings()); err != nil {
		b.Fatal(err)
	}
	took := time.Since(started)
	mustExec(b, db, "TRUNCATE TABLE "+c.table)
	return took
}
