package bench

import (
	"context"
	"flag"
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

var (
	cdcRows    = flag.Int("cdc-rows", 2_000_000, "rows of the snapshot of BenchmarkCDC, and of the changes that it reads at one go")
	cdcSeconds = flag.Int("cdc-seconds", 15, "how long BenchmarkCDC looks at how fresh changes are")
)

// cdcParts are the processes that changes go through, in their order.
var cdcParts = []string{"postgres", "cdc", "rabbitmq", "worker", "clickhouse"}

// cdcRate is a busy shop's, in changes a second, at which freshness is measured.
const cdcRate = 5000

// BenchmarkCDC mirrors a table of orders from PostgreSQL into ClickHouse, through
// RabbitMQ, with one worker. Each part goes on from the one before: run them together.
func BenchmarkCDC(b *testing.B) {
	c := startCopying(b)
	b.Run("snapshot", func(b *testing.B) {
		for b.Loop() {
			limit := c.copyDirectly(b)
			rate := c.pass(b, "row", "--snapshot")
			scores.atLeast(b, rate, 200_000, "rows/s", fmt.Sprintf(" (ClickHouse's own postgresql(): %.0f)", limit))
			scores.tell(b, rate/limit, "of-postgresql()")
			must(b, c.cdc.stop())
		}
	})
	b.Run("changes", func(b *testing.B) {
		for b.Loop() {
			c.update(b)
			scores.atLeast(b, c.pass(b, "change"), 40_000, "changes/s", "")
			must(b, c.cdc.stop())
		}
	})
	b.Run("freshness", func(b *testing.B) {
		for b.Loop() {
			c.freshness(b)
		}
	})
	tellEnds(b, c.cdc, c.worker)
}

// copyDirectly has ClickHouse read the table by itself, in rows a second.
func (c *copying) copyDirectly(b *testing.B) float64 {
	b.Helper()
	c.query(b, "CREATE OR REPLACE TABLE peer AS orders_raw")
	const columns = "id, store_id, user_id, status, subtotal, delivery_fee, total, payment_method, created_at, updated_at"
	began := time.Now()
	c.query(b, fmt.Sprintf("INSERT INTO peer (%s) SELECT %s FROM postgresql('%s', 'source', 'orders', 'tiendi', 'hunter2')", columns, columns, c.postgres.Addr()))
	took := time.Since(began).Seconds()
	if n := c.count(b, "peer"); n != *cdcRows {
		b.Fatalf("ClickHouse copied %d rows of %d", n, *cdcRows)
	}
	c.query(b, "DROP TABLE peer SYNC")
	return float64(*cdcRows) / took
}

// pass starts the mirroring and waits until so many rows have come, and gives how many
// come a second, from the process's start.
func (c *copying) pass(b *testing.B, unit string, flags ...string) float64 {
	b.Helper()
	c.flags = flags
	want := c.count(b, "orders_raw") + *cdcRows
	began := time.Now()
	must(b, c.cdc.start())
	roots := c.roots(b)
	before := spent(b, roots)
	delete(before, "cdc") // all of its time counts
	for c.count(b, "orders_raw") < want {
		if time.Since(began) > drainPatience {
			b.Fatalf("%d rows are missing after %v", want-c.count(b, "orders_raw"), drainPatience)
		}
		time.Sleep(4 * lookPause) // a look costs ClickHouse something
	}
	took, used := time.Since(began).Seconds(), spent(b, roots)
	c.flags = nil
	total := time.Duration(0)
	for _, name := range cdcParts {
		one := used[name] - before[name]
		total += one
		scores.tell(b, float64(one.Nanoseconds())/1000/float64(*cdcRows), name+"-cpu-µs/"+unit)
	}
	scores.tell(b, float64(total.Nanoseconds())/1000/float64(*cdcRows), "all-cpu-µs/"+unit)
	return float64(*cdcRows) / took
}

// update changes every row once, a hundred in a transaction, while nobody reads.
func (c *copying) update(b *testing.B) {
	b.Helper()
	_, err := c.db.Exec(b.Context(), `DO $$ BEGIN FOR i IN 0..`+strconv.Itoa(*cdcRows/100-1)+` LOOP
		UPDATE orders SET status = 'ENVIADO', updated_at = now() WHERE n >= i * 100 AND n < (i + 1) * 100; COMMIT; END LOOP; END $$`, pgx.QueryExecModeSimpleProtocol)
	must(b, err)
}

// freshness changes rows at a rate, and beside it inserts single ones and looks for them.
func (c *copying) freshness(b *testing.B) {
	b.Helper()
	must(b, c.cdc.start())
	ctx, stop := context.WithTimeout(b.Context(), time.Duration(*cdcSeconds)*time.Second)
	defer stop()
	busy, ended := make(chan error, 1), 0
	go func() {
		var err error
		ended, err = c.shopAtWork(ctx)
		busy <- err
	}()
	l := &lookout{name: "clickhouse", look: c.seen, fresh: make(chan probe, 1024), ended: make(chan error, 1)}
	go func() { l.ended <- l.watch(b.Context()) }()
	for tick := time.Tick(probePause / 4); ctx.Err() == nil; <-tick {
		id, began := uuid.NewString(), time.Now()
		_, err := c.db.Exec(b.Context(), "INSERT INTO orders SELECT ($1::text)::uuid, store_id, user_id, status, subtotal, delivery_fee, total, payment_method, created_at, updated_at, -1 FROM orders WHERE n = 0", id)
		must(b, err)
		l.fresh <- probe{id, began}
	}
	close(l.fresh)
	must(b, <-l.ended)
	must(b, <-busy)
	scores.tell(b, float64(ended)/float64(*cdcSeconds), "changes/s")
	scores.tell(b, millis(percentile(l.took, 50)), "commit-to-clickhouse-p50-ms")
	scores.atMost(b, millis(percentile(l.took, 99)), 3000, "commit-to-clickhouse-p99-ms", fmt.Sprintf(" (%d probes)", len(l.took)))
}

// shopAtWork updates rows at the rate, 25 in a transaction.
func (c *copying) shopAtWork(ctx context.Context) (changes int, err error) {
	const each = 25
	db, err := pgx.Connect(context.WithoutCancel(ctx), c.source)
	if err != nil {
		return 0, err
	}
	defer func() { _ = db.Close(context.WithoutCancel(ctx)) }()
	for began := time.Now(); ctx.Err() == nil; {
		if float64(changes) > cdcRate*time.Since(began).Seconds() {
			time.Sleep(time.Millisecond)
			continue
		}
		at := changes % *cdcRows
		if _, err := db.Exec(context.WithoutCancel(ctx), "UPDATE orders SET total = total + 0.01 WHERE n >= $1 AND n < $1 + 25", at); err != nil {
			return changes, err
		}
		changes += each
	}
	return changes, nil
}
