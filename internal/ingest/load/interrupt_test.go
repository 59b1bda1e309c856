package load_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/ingest/load"
	"github.com/tiendi/tiendi/internal/warehouse"
	"github.com/tiendi/tiendi/internal/warehouse/warehousetest"
)

func TestInterruptLeavesNothing(t *testing.T) {
	db := warehousetest.Open(t)
	path := write(t, "events.ndjson", events(1, 50_000))
	for _, stop := range []func(load.Progress) bool{
		func(p load.Progress) bool { return p.Bytes > 1<<20 },
		func(p load.Progress) bool { return p.Committing },
	} {
		ctx, cancel := context.WithCancel(context.Background())
		o := options(t, db, path)
		o.Progress = func(p load.Progress) {
			if stop(p) {
				cancel()
			}
		}
		if _, err := load.Run(ctx, o); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want a cancelled load", err)
		}
		cancel()
		if got := value(t, db, "SELECT count() FROM events_raw"); got != "0" {
			t.Errorf("%s rows are in", got)
		}
		noStages(t, db)
	}
	if got := newRows(run(t, options(t, db, path))); got != 50_500 {
		t.Errorf("%d new rows afterwards, want 50500", got)
	}
}

func TestSweepLeavesTheLivingAlone(t *testing.T) {
	db := warehousetest.Open(t)
	path := write(t, "users.csv", usersHeader+user(1, "Lima"))
	run(t, options(t, db, path))
	for _, id := range []string{"dead", "alive"} {
		mustExec(t, db, "CREATE TABLE _tiendi_load_"+id+"_0_stage (x UInt8) ENGINE = MergeTree ORDER BY x")
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() {
		_, err := db.Exec(ctx, "SELECT sleepEachRow(1) FROM numbers(60)",
			warehouse.WithQueryID("tiendi-load-"+db.Config().Database+"-alive"), warehouse.WithSettings(map[string]any{"max_block_size": 1}))
		done <- err
	}()
	waitFor(t, func() bool {
		return value(t, db, "SELECT count() FROM system.processes WHERE endsWith(query_id, '-alive')") == "1"
	})
	o := options(t, db, path)
	o.Reload = true
	run(t, o)
	if got := value(t, db, "SELECT groupArray(name) FROM system.tables WHERE database = currentDatabase() AND startsWith(name, '_tiendi')"); got != "['_tiendi_load_alive_0_stage']" {
		t.Errorf("left: %s", got)
	}
	cancel()
	<-done
}

func waitFor(t *testing.T, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatal("waited 20 s in vain")
}
