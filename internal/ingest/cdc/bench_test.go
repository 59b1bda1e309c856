package cdc_test

import (
	"context"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pglogrepl"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/tiendi/tiendi/internal/ingest/cdc"
)

const benchTable = `CREATE TABLE orders (id uuid PRIMARY KEY, store_id uuid, user_id uuid, status text, subtotal numeric(18,2), delivery_fee numeric(18,2),
	total numeric(18,2), payment_method text, created_at timestamptz, updated_at timestamptz)`

const benchRows = `INSERT INTO orders SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'ENTREGADO', n / 100.0, 5.9, n / 100.0 + 5.9,
	'credit_card', '2026-01-01'::timestamptz + n * interval '1 second', '2026-01-02'::timestamptz + n * interval '1 second' FROM generate_series(1, $1::int) n`

// discard is a writer for COPY.
type discard struct{ bytes int }

func (d *discard) Write(p []byte) (int, error) { d.bytes += len(p); return len(p), nil }

func cpu() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkSnapshot is of a million orders into the embedded log, which runs in this
// process too. Beside it stands what PostgreSQL gives to one COPY that is thrown away.
func BenchmarkSnapshot(b *testing.B) {
	const n = 1_000_000
	s := newShop(b, benchTable, "orders")
	if _, err := s.db.Exec(b.Context(), benchRows, n); err != nil {
		b.Fatal(err)
	}
	s.exec("VACUUM ANALYZE orders")
	began := time.Now()
	c, err := pgconn.Connect(b.Context(), s.url)
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = c.Close(context.Background()) }()
	if _, err := c.CopyTo(b.Context(), &discard{}, "COPY orders TO STDOUT"); err != nil {
		b.Fatal(err)
	}
	limit := float64(n) / time.Since(began).Seconds()
	used := time.Duration(0)
	for b.Loop() {
		before := cpu()
		s.once(func(o *cdc.Options) { o.Anew, o.ChunkBytes, o.Parallel = true, 0, 0 })
		used += cpu() - before
	}
	rate := float64(n) * float64(b.N) / b.Elapsed().Seconds()
	b.ReportMetric(rate, "rows/s")
	b.ReportMetric(limit, "copy-rows/s")
	b.ReportMetric(rate/limit, "of-copy")
	b.ReportMetric(float64(used.Nanoseconds())/float64(n*b.N), "cpu-ns/row")
}

// BenchmarkChanges is of updates of orders, a hundred in a transaction, from
// PostgreSQL's log into the embedded one.
func BenchmarkChanges(b *testing.B) {
	const n = 100_000
	s := newShop(b, benchTable+"; CREATE INDEX ON orders (created_at)", "orders")
	if _, err := s.db.Exec(b.Context(), benchRows, n); err != nil {
		b.Fatal(err)
	}
	s.once(func(o *cdc.Options) { o.ChunkBytes, o.Parallel = 0, 0 })
	used, changes := time.Duration(0), 0
	limit := time.Duration(0)
	for b.Loop() {
		b.StopTimer()
		s.exec("SELECT pg_create_logical_replication_slot('limit_" + s.slot + "', 'pgoutput')")
		s.exec(`DO $$ BEGIN FOR i IN 0..999 LOOP UPDATE orders SET status = 'ENVIADO', updated_at = now() WHERE created_at >= '2026-01-01'::timestamptz + i * interval '100 seconds'
			AND created_at < '2026-01-01'::timestamptz + (i + 1) * interval '100 seconds'; COMMIT; END LOOP; END $$`)
		changes += n
		limit += readAway(b, s, "limit_"+s.slot)
		s.eventually("the slot is free", func() bool {
			_, err := s.db.Exec(b.Context(), "SELECT pg_drop_replication_slot('limit_"+s.slot+"')")
			return err == nil
		})
		b.StartTimer()
		before := cpu()
		s.once()
		used += cpu() - before
	}
	b.ReportMetric(float64(changes)/b.Elapsed().Seconds(), "changes/s")
	b.ReportMetric(float64(changes)/limit.Seconds(), "postgres-changes/s")
	b.ReportMetric(limit.Seconds()/b.Elapsed().Seconds(), "of-postgres")
	b.ReportMetric(float64(used.Nanoseconds())/float64(changes), "cpu-ns/change")
}

// readAway reads a slot up to a mark and throws away what comes: what PostgreSQL gives
// at most.
func readAway(b *testing.B, s *shop, slot string) time.Duration {
	b.Helper()
	c, err := pgconn.Connect(b.Context(), s.url+"?replication=database")
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = c.Close(context.Background()) }()
	s.exec("SELECT pg_logical_emit_message(true, 'end', '')")
	began := time.Now()
	err = pglogrepl.StartReplication(b.Context(), c, slot, 0, pglogrepl.StartReplicationOptions{
		Mode: pglogrepl.LogicalReplication, PluginArgs: []string{"proto_version '1'", "publication_names 'tiendi'", "messages 'true'"}})
	if err != nil {
		b.Fatal(err)
	}
	for {
		m, err := c.Frontend().Receive()
		if err != nil {
			b.Fatal(err)
		}
		// After 25 bytes of its own, XLogData has the message.
		if data, ok := m.(*pgproto3.CopyData); ok && data.Data[0] == pglogrepl.XLogDataByteID && data.Data[25] == 'M' {
			return time.Since(began)
		}
	}
}
