package load_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/chaos"
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
	for range chaos.Rounds(t, 6) {
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
