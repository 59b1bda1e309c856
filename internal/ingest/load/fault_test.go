package load_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/ingest/load"
	"github.com/tiendi/tiendi/internal/local/localtest"
	"github.com/tiendi/tiendi/internal/warehouse"
	"github.com/tiendi/tiendi/internal/warehouse/warehousetest"
)

// childEnv holds the settings of a load that this test binary runs as a child,
// so that it can be killed.
const childEnv = "TIENDI_TEST_LOAD"

type child struct {
	Warehouse warehouse.Config
	Path      string
}

func TestMain(m *testing.M) {
	if text := os.Getenv(childEnv); text != "" {
		os.Exit(runChild(text))
	}
	localtest.Main(m)
}

// noTables is for a child whose parent made the tables.
type noTables struct{}

func (noTables) Ensure(context.Context, ...string) error { return nil }

func runChild(text string) int {
	var c child
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		return 3
	}
	db, err := warehouse.Open(context.Background(), c.Warehouse)
	if err != nil {
		return 4
	}
	r, err := load.Run(context.Background(), load.Options{
		Warehouse: db, Tables: noTables{}, Database: c.Warehouse.Database, Paths: []string{c.Path},
		Now: time.Now, NewID: newID, Logger: slog.New(slog.DiscardHandler), Progress: func(load.Progress) {},
	})
	if err != nil || r.Failed() > 0 {
		return 5
	}
	return 0
}

// rounds is more where TIENDI_CHAOS says so.
func rounds(t *testing.T, few int) int {
	if text := os.Getenv("TIENDI_CHAOS"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatalf("TIENDI_CHAOS=%q: want a number of rounds", text)
		}
		return n
	}
	return few
}

// exact checks that the table holds events(1, 20000) and nothing else.
func exact(t *testing.T, db *warehouse.Client) {
	t.Helper()
	if got := value(t, db, "SELECT (count(), uniqExact(event_id)) FROM events_raw"); got != "(20200,20000)" {
		t.Fatalf("got %s, want 20200 rows of 20000 events", got)
	}
}

func TestKilledLoadIsMadeGood(t *testing.T) {
	db := warehousetest.Open(t)
	if err := (models{t, db}).Ensure(context.Background(), "events_raw", "load_rejects"); err != nil {
		t.Fatal(err)
	}
	path := write(t, "events.ndjson", events(1, 20_000))
	settings, err := json.Marshal(child{db.Config(), path})
	if err != nil {
		t.Fatal(err)
	}
	took := runKilled(t, string(settings), time.Minute) // not killed: how long it takes
	for range rounds(t, 6) {
		mustExec(t, db, "TRUNCATE TABLE events_raw")
		mustExec(t, db, "TRUNCATE TABLE load_history")
		runKilled(t, string(settings), rand.N(took))
		if got := value(t, db, "SELECT count() FROM events_raw"); got != "0" && got != "20200" {
			t.Errorf("%s rows are in after the kill: neither none nor all", got)
		}
		allDead(t, db)
		run(t, options(t, db, path))
		exact(t, db)
		noStages(t, db)
	}
}

// runKilled runs a load as a child and kills it after a while; it returns how
// long the child lived.
func runKilled(t *testing.T, settings string, after time.Duration) time.Duration {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+settings)
	started := time.Now()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	kill := time.AfterFunc(after, func() { _ = cmd.Process.Kill() })
	defer kill.Stop()
	err := cmd.Wait()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.Exited() {
		t.Fatalf("the load gave up with %v", err)
	}
	return time.Since(started)
}

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

// allDead waits until the server has noticed that no loader lives.
func allDead(t *testing.T, db *warehouse.Client) {
	t.Helper()
	waitFor(t, func() bool {
		return value(t, db, "SELECT count() FROM system.processes WHERE startsWith(query_id, 'tiendi-load-"+db.Config().Database+"-')") == "0"
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
