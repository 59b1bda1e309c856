package warehousetest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// testConcurrency has eight queries open at once, then eight writers.
func testConcurrency(t *testing.T, c *warehouse.Client) {
	prefix := uuid.NewString()
	var open []*warehouse.Rows
	for i := range 8 {
		rows, err := c.Query(t.Context(), "SELECT number FROM system.numbers", warehouse.WithQueryID(fmt.Sprintf("%s-%d", prefix, i)))
		if err != nil {
			t.Fatal(err)
		}
		open = append(open, rows)
	}
	if n := number(t, c, "SELECT count() FROM system.processes WHERE startsWith(query_id, '"+prefix+"')"); n != 8 {
		t.Errorf("%d queries at once, want 8", n)
	}
	for _, rows := range open {
		if err := rows.Close(); err != nil {
			t.Error(err)
		}
	}
	exec(t, c, "CREATE TABLE w (worker UInt8, n UInt64) ENGINE = MergeTree ORDER BY n")
	var g errgroup.Group
	for worker := range 8 {
		g.Go(func() error {
			_, err := c.Exec(t.Context(), fmt.Sprintf("INSERT INTO w SELECT %d, number FROM numbers(10000)", worker))
			return err
		})
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	if n := number(t, c, "SELECT uniqExact(worker, n) FROM w"); n != 80000 {
		t.Errorf("%d rows, want 80000", n)
	}
}

// testWaiting has more statements than connections: they wait, none fails.
func testWaiting(t *testing.T, c *warehouse.Client) {
	cfg := c.Config()
	cfg.MaxOpenConns = 2
	few := OpenOn(t, cfg)
	var g errgroup.Group
	for range 20 {
		g.Go(func() error {
			_, err := few.Exec(t.Context(), "SELECT sleep(0.02)")
			return err
		})
	}
	if err := g.Wait(); err != nil {
		t.Error(err)
	}
}

// testEndedConnection goes on after a statement whose connection was lost.
func testEndedConnection(t *testing.T, c *warehouse.Client) {
	for range 3 {
		_, err := c.Exec(t.Context(), "SELECT "+strings.Repeat("(", 100000))
		if err == nil {
			t.Fatal("deeply nested statement succeeded")
		}
		if got := one(t, c, "SELECT 'on'"); got != "on" {
			t.Errorf("got %v", got)
		}
	}
}
