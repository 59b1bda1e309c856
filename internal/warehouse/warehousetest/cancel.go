package warehousetest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// running counts queries on the server with that id.
func running(t *testing.T, c *warehouse.Client, id string) uint64 {
	t.Helper()
	return number(t, c, "SELECT count() FROM system.processes WHERE query_id = "+warehouse.Literal(id))
}

// cancelWhile runs f until its query is seen on the server, cancels it, and wants
// the query gone once f has returned.
func cancelWhile(t *testing.T, c *warehouse.Client, f func(ctx context.Context, id warehouse.Option) error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	id := uuid.NewString()
	result := make(chan error, 1)
	go func() { result <- f(ctx, warehouse.WithQueryID(id)) }()
	eventually(t, "the query to run", func() bool { return running(t, c, id) == 1 })
	cancel()
	select {
	case err := <-result:
		if !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled call returned %v", err)
		}
	case <-time.After(30 * time.Second):
		t.Fatal("the cancelled call did not return")
	}
	if n := running(t, c, id); n != 0 {
		t.Errorf("the cancelled query still runs (%d)", n)
	}
}

func testCancelExec(t *testing.T, c *warehouse.Client) {
	exec(t, c, "CREATE TABLE sink (n UInt64) ENGINE = MergeTree ORDER BY n")
	for name, sql := range map[string]string{
		"select":       "SELECT max(number) FROM system.numbers",
		"aggregation":  "SELECT number % 100000 AS k, count() FROM system.numbers GROUP BY k FORMAT Null",
		"insert":       "INSERT INTO sink SELECT number FROM system.numbers",
		"create table": "CREATE TABLE made ENGINE = MergeTree ORDER BY tuple() AS SELECT number FROM system.numbers",
	} {
		t.Run(name, func(t *testing.T) {
			cancelWhile(t, c, func(ctx context.Context, id warehouse.Option) error {
				_, err := c.Exec(ctx, sql, id)
				return err
			})
		})
	}
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if _, err := c.Exec(ctx, "SELECT max(number) FROM system.numbers"); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("deadline: %v", err)
	}
	cancel()
	if _, err := c.Exec(ctx, "SELECT 1"); err == nil {
		t.Error("a call with an ended context succeeded")
	}
}

// testCancelRows also stops reading, which leaves the driver holding blocks.
func testCancelRows(t *testing.T, c *warehouse.Client) {
	cancelWhile(t, c, func(ctx context.Context, id warehouse.Option) error {
		rows, err := c.Query(ctx, "SELECT number, repeat('x', 1000) FROM system.numbers", id)
		if err != nil {
			return err
		}
		defer func() { _ = rows.Close() }()
		for rows.Next() {
			<-ctx.Done()
		}
		return rows.Err()
	})
}

func testCancelStream(t *testing.T, c *warehouse.Client) {
	exec(t, c, "CREATE TABLE lines (s String) ENGINE = MergeTree ORDER BY tuple()")
	cancelWhile(t, c, func(ctx context.Context, id warehouse.Option) error {
		_, err := c.InsertStream(ctx, "INSERT INTO lines FORMAT LineAsString", endless{}, "", id)
		return err
	})
	// A source that has gone silent; the server wants max_query_size (256 KiB) of
	// data before it begins.
	cancelWhile(t, c, func(ctx context.Context, id warehouse.Option) error {
		silent, w := io.Pipe()
		defer func() { _ = w.Close() }()
		source := io.MultiReader(io.LimitReader(endless{}, 1<<20), silent)
		_, err := c.InsertStream(ctx, "INSERT INTO lines FORMAT LineAsString", source, "", id)
		return err
	})
}

// endless is a file without end.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = "0123456789abcde\n"[i%16]
	}
	return len(p), nil
}

func testCloseEarly(t *testing.T, c *warehouse.Client) {
	for i := range 3 {
		id := fmt.Sprintf("close-early-%d-%s", i, uuid.NewString())
		rows, err := c.Query(t.Context(), "SELECT number FROM system.numbers", warehouse.WithQueryID(id))
		if err != nil {
			t.Fatal(err)
		}
		for range i {
			rows.Next()
		}
		if err := rows.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
		if n := running(t, c, id); n != 0 {
			t.Errorf("the closed query still runs (%d)", n)
		}
	}
}
