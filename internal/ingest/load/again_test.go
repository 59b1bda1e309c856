package load_test

import (
	"context"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/klauspost/compress/zstd"

	"github.com/tiendi/tiendi/internal/ingest/load"
	"github.com/tiendi/tiendi/internal/warehouse"
	"github.com/tiendi/tiendi/internal/warehouse/warehousetest"
)

// events makes n events, every hundredth of which is there twice.
func events(from, n int) string {
	var b strings.Builder
	for i := from; i < from+n; i++ {
		b.WriteString(eventLine(i, ""))
		if i%100 == 0 {
			b.WriteString(eventLine(i, ""))
		}
	}
	return b.String()
}

func newRows(r *load.Result) (n uint64) {
	for _, f := range r.Files {
		n += f.New
	}
	return n
}

func TestOnlyWhatIsMissingIsAdded(t *testing.T) {
	db := warehousetest.Open(t)
	path := write(t, "events.ndjson", events(1, 300))
	if got := newRows(run(t, options(t, db, path))); got != 303 {
		t.Errorf("first load: %d new, want 303", got)
	}
	if err := os.WriteFile(path, []byte(events(1, 400)), 0o644); err != nil {
		t.Fatal(err)
	}
	if got := newRows(run(t, options(t, db, path))); got != 101 {
		t.Errorf("the file grew: %d new, want 101", got)
	}
	var z strings.Builder
	w, err := zstd.NewWriter(&z)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = w.Write([]byte(events(200, 201) + events(400, 1) + eventLine(150, `event_type="store_visited"`)))
	_ = w.Close()
	other := write(t, "events-2.ndjson.zst", z.String())
	// 400 comes four times here and had come twice; 150 comes with another type.
	if got := newRows(run(t, options(t, db, other))); got != 3 {
		t.Errorf("the same rows in another file: %d new, want 3", got)
	}
	if got := value(t, db, "SELECT (count(), uniqExact(event_id), uniqExact(_batch)) FROM events_raw"); got != "(407,400,3)" {
		t.Errorf("got %s", got)
	}
}

// last gives the status of an order's last version, as staging picks it.
func last(t *testing.T, db *warehouse.Client, n int) string {
	return value(t, db, "SELECT argMax(status, (_version, updated_at, ingested_at, _position)) FROM orders_raw WHERE id = '"+uid(n)+"'")
}

func TestNewerExportWins(t *testing.T) {
	db := warehousetest.Open(t)
	const monday, tuesday = "2026-01-05 00:00:00", "2026-01-06 00:00:00"
	for _, step := range []struct {
		name, file string
		new        uint64
		last       string
	}{
		{"first", orderRow(1, "PENDIENTE", monday) + orderRow(2, "ENVIADO", monday), 2, "PENDIENTE"},
		{"later version", orderRow(1, "CONFIRMADO", tuesday) + orderRow(2, "ENVIADO", monday), 1, "CONFIRMADO"},
		{"older export", orderRow(1, "CANCELADO", monday), 1, "CONFIRMADO"},
		{"same time, other status", orderRow(1, "PREPARANDO", tuesday), 1, "PREPARANDO"},
		{"and back again", orderRow(1, "CONFIRMADO", tuesday) + orderRow(3, "ENVIADO", monday), 2, "CONFIRMADO"},
		{"several versions, the last line wins", orderRow(1, "PREPARANDO", tuesday) + orderRow(1, "ENVIADO", tuesday), 1, "ENVIADO"},
		{"the same once more in another order", orderRow(1, "CONFIRMADO", tuesday) + orderRow(1, "ENVIADO", tuesday), 0, "ENVIADO"},
	} {
		o := options(t, db, write(t, "orders.csv", ordersHeader+step.file))
		o.Reload = true
		if got := newRows(run(t, o)); got != step.new {
			t.Errorf("%s: %d new, want %d", step.name, got, step.new)
		}
		if got := newRows(run(t, o)); got != 0 {
			t.Errorf("%s, again: %d new", step.name, got)
		}
		if got := last(t, db, 1); got != step.last {
			t.Errorf("%s: the last is %s, want %s", step.name, got, step.last)
		}
	}
}

func TestLoadsAtOnceAddOnce(t *testing.T) {
	db := warehousetest.Open(t)
	path := write(t, "events.ndjson", events(1, 2000))
	half := write(t, "events-half.ndjson", events(1000, 1000))
	if err := (models{t, db}).Ensure(context.Background(), "events_raw", "load_rejects"); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			o := options(t, db, []string{path, half}[i%2])
			r, err := load.Run(context.Background(), o)
			if err != nil || r.Failed() > 0 {
				t.Errorf("load %d: %v %+v", i, err, r)
			}
		}()
	}
	wg.Wait()
	if got := value(t, db, "SELECT (count(), uniqExact(event_id)) FROM events_raw"); got != "(2020,2000)" {
		t.Errorf("got %s, want 2020 rows of 2000 events", got)
	}
	noStages(t, db)
}

func TestMaterializedViewSeesEveryRowOnce(t *testing.T) {
	db := warehousetest.Open(t)
	if err := (models{t, db}).Ensure(context.Background(), "events_raw", "load_rejects"); err != nil {
		t.Fatal(err)
	}
	mustExec(t, db, "CREATE MATERIALIZED VIEW seen ENGINE = MergeTree ORDER BY event_id AS SELECT event_id, ingested_at FROM events_raw")
	path := write(t, "events.ndjson", events(1, 500))
	run(t, options(t, db, path))
	if err := os.WriteFile(path, []byte(events(1, 700)), 0o644); err != nil {
		t.Fatal(err)
	}
	run(t, options(t, db, path))
	const want = "(707,700,2)"
	if got := value(t, db, "SELECT (count(), uniqExact(event_id), uniqExact(ingested_at)) FROM seen"); got != want {
		t.Errorf("the view has %s, want %s", got, want)
	}
	if got := value(t, db, "SELECT (count(), uniqExact(event_id), uniqExact(ingested_at)) FROM events_raw"); got != want {
		t.Errorf("the table has %s, want %s", got, want)
	}
}

func TestTableMadeAnewIsFilledAnew(t *testing.T) {
	db := warehousetest.Open(t)
	o := options(t, db, write(t, "users.csv", usersHeader+user(1, "Lima")))
	run(t, o)
	mustExec(t, db, "DROP TABLE users_raw SYNC")
	if got := newRows(run(t, o)); got != 1 {
		t.Errorf("%d new rows in a new table, want 1", got)
	}
}
