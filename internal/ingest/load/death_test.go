package load_test

import (
	"context"
	"errors"
	"io"
	"sync/atomic"
	"testing"

	"github.com/tiendi/tiendi/internal/ingest/load"
	"github.com/tiendi/tiendi/internal/warehouse"
	"github.com/tiendi/tiendi/internal/warehouse/warehousetest"
)

var errDead = errors.New("the loader is dead")

// dying is a warehouse whose loader dies when its n-th statement has been done,
// before it learns of it. No later one, of cleaning up neither, reaches the
// server.
type dying struct {
	*warehouse.Client
	left atomic.Int64
}

// step says whether a statement still goes out, and whether its answer comes.
func (d *dying) step() (goes, answered bool) {
	left := d.left.Add(-1)
	return left >= 0, left > 0
}

func (d *dying) Exec(ctx context.Context, sql string, opts ...warehouse.Option) (warehouse.Stats, error) {
	goes, answered := d.step()
	if !goes {
		return warehouse.Stats{}, errDead
	}
	s, err := d.Client.Exec(ctx, sql, opts...)
	if !answered {
		err = errDead
	}
	return s, err
}

func (d *dying) Query(ctx context.Context, sql string, opts ...warehouse.Option) (*warehouse.Rows, error) {
	if goes, _ := d.step(); !goes {
		return nil, errDead
	}
	return d.Client.Query(ctx, sql, opts...)
}

func (d *dying) InsertStream(ctx context.Context, sql string, r io.Reader, encoding string, opts ...warehouse.Option) (warehouse.Stats, error) {
	goes, answered := d.step()
	if !goes {
		return warehouse.Stats{}, errDead
	}
	s, err := d.Client.InsertStream(ctx, sql, r, encoding, opts...)
	if !answered {
		err = errDead
	}
	return s, err
}

// TestDeathAfterEveryStatement loads a file that has grown, with a reject in it,
// and dies after each statement in turn; loading again must make everything good.
func TestDeathAfterEveryStatement(t *testing.T) {
	db := warehousetest.Open(t)
	short := write(t, "events.ndjson", events(1, 50))
	path := write(t, "events.ndjson", events(1, 120)+eventLine(121, "-event_id"))
	for n := int64(1); ; n++ {
		run(t, options(t, db, short))
		if !diesAfter(t, db, path, n) {
			t.Logf("a load makes %d calls", n-1)
			return
		}
		run(t, options(t, db, path))
		if got := value(t, db, "SELECT (count(), uniqExact(event_id)) FROM events_raw"); got != "(121,120)" {
			t.Fatalf("death after call %d: %s", n, got)
		}
		if got := value(t, db, "SELECT count() FROM load_rejects"); got != "1" {
			t.Fatalf("death after call %d: %s rejects", n, got)
		}
		allDead(t, db)
		run(t, options(t, db, short)) // which sweeps
		empty(t, db)
	}
}

// allDead waits until the server has noticed that no loader lives, and has done
// with the statements that the last one had sent.
func allDead(t *testing.T, db *warehouse.Client) {
	t.Helper()
	waitFor(t, func() bool {
		return value(t, db, "SELECT count() FROM system.processes WHERE current_database = currentDatabase() AND query_id != queryID()") == "0"
	})
}

// diesAfter loads path and dies after the n-th call; false if it took fewer.
func diesAfter(t *testing.T, db *warehouse.Client, path string, n int64) bool {
	t.Helper()
	own, err := warehouse.Open(context.Background(), db.Config())
	if err != nil {
		t.Fatal(err)
	}
	d := &dying{Client: own}
	d.left.Store(n)
	o := options(t, db, path)
	o.Warehouse = d
	r, err := load.Run(context.Background(), o)
	died := err != nil || d.left.Load() <= 0
	if err == nil && r.Failed() > 0 {
		t.Errorf("death after call %d was taken for a bad file: %v", n, r.Files[0].Err)
	}
	if err := own.Close(); err != nil { // ends the queries that hold locks
		t.Fatal(err)
	}
	return died
}
