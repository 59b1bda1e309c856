package warehousetest

import (
	"context"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// Run holds a warehouse against everything that tiendi expects of one. cfg must
// name a user who may create databases; HTTPAddr is needed too.
func Run(t *testing.T, cfg warehouse.Config) {
	for name, check := range map[string]func(*testing.T, *warehouse.Client){
		"types":            testTypes,
		"nulls":            testNulls,
		"round trip":       testRoundTrip,
		"batch then query": testBatchThenQuery,
		"decimals":         testDecimals,
		"unreadable":       testUnreadable,
		"json":             testJSON,
		"settings":         testSettings,
		"long statements":  testLongStatements,
		"stats":            testStats,
		"errors":           testErrors,
		"connect errors":   testConnectErrors,
		"cancel exec":      testCancelExec,
		"cancel rows":      testCancelRows,
		"cancel stream":    testCancelStream,
		"close early":      testCloseEarly,
		"exchange":         testExchange,
		"partitions":       testPartitions,
		"view":             testMaterializedView,
		"concurrency":      testConcurrency,
		"waiting":          testWaiting,
		"batch":            testBatch,
		"stream":           testInsertStream,
		"stream errors":    testInsertStreamErrors,
		"big result":       testBigResult,
		"quoting":          testQuoting,
		"ended connection": testEndedConnection,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check(t, OpenOn(t, cfg))
		})
	}
}

func exec(t testing.TB, c *warehouse.Client, statements ...string) {
	t.Helper()
	for _, sql := range statements {
		if _, err := c.Exec(t.Context(), sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
}

// values returns all rows of a query.
func values(t testing.TB, c *warehouse.Client, sql string, opts ...warehouse.Option) [][]any {
	t.Helper()
	rows, err := c.Query(t.Context(), sql, opts...)
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	var out [][]any
	for rows.Next() {
		row, err := rows.Values()
		if err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
		out = append(out, row)
	}
	if err := rows.Close(); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return out
}

// one returns the only value of a query.
func one(t testing.TB, c *warehouse.Client, sql string, opts ...warehouse.Option) any {
	t.Helper()
	v := values(t, c, sql, opts...)
	if len(v) != 1 || len(v[0]) != 1 {
		t.Fatalf("%s: got %v, want one value", sql, v)
	}
	return v[0][0]
}

func number(t testing.TB, c *warehouse.Client, sql string) uint64 {
	t.Helper()
	n, ok := one(t, c, sql).(uint64)
	if !ok {
		t.Fatalf("%s is not a UInt64", sql)
	}
	return n
}

// eventually waits for something that the server does by itself.
func eventually(t testing.TB, what string, condition func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for !condition() {
		select {
		case <-time.After(10 * time.Millisecond):
		case <-ctx.Done():
			t.Fatalf("waited in vain for %s", what)
		}
	}
}
