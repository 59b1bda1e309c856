package load_test

import (
	"context"
	"errors"
	"testing"

	"github.com/tiendi/tiendi/internal/ingest/load"
	"github.com/tiendi/tiendi/internal/warehouse"
	"github.com/tiendi/tiendi/internal/warehouse/warehousetest"
)

// withoutHTTP is a client of the same database that knows the native port only.
func withoutHTTP(t *testing.T, db *warehouse.Client) *warehouse.Client {
	t.Helper()
	config := db.Config()
	config.HTTPAddr = ""
	own, err := warehouse.Open(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = own.Close() })
	return own
}

func TestNativePortAloneStoresTheSame(t *testing.T) {
	o := []load.Options{}
	var contents [2][]string
	for i := range contents {
		db := warehousetest.Open(t)
		o = append(o, options(t, db, shared(t, "marketplace"), shared(t, "clicks"), write(t, "events.ndjson", eventLine(1, "")+eventLine(2, "-event_type"))))
		o[i].TTLYears, o[i].AllowExpired = 2, true
		if i == 1 {
			own := withoutHTTP(t, db)
			o[i].Warehouse, o[i].Batches = own, own
		}
		run(t, o[i])
		for _, table := range load.Tables() {
			contents[i] = append(contents[i], table.Name+" "+content(t, db, table.Name))
		}
		contents[i] = append(contents[i], value(t, db, "SELECT (count(), groupBitXor(cityHash64(table_name, line, reason, pointer, raw))) FROM load_rejects"))
	}
	for i, want := range contents[0] {
		if contents[1][i] != want {
			t.Errorf("over the native port %s, over HTTP %s", contents[1][i], want)
		}
	}
}

func TestNativePortAloneCanBeInterrupted(t *testing.T) {
	db := warehousetest.Open(t)
	own := withoutHTTP(t, db)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	o := options(t, db, write(t, "events.ndjson", events(1, 50_000)))
	o.Warehouse, o.Batches = own, own
	o.Progress = func(p load.Progress) {
		if p.Bytes > 1<<20 {
			cancel()
		}
	}
	if _, err := load.Run(ctx, o); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want a cancelled load", err)
	}
	if got := value(t, db, "SELECT count() FROM events_raw"); got != "0" {
		t.Errorf("%s rows are in", got)
	}
	noStages(t, db)
}
