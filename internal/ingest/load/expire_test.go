package load_test

import (
	"context"
	"strings"
	"testing"

	"github.com/tiendi/tiendi/internal/ingest/load"
	"github.com/tiendi/tiendi/internal/warehouse/warehousetest"
)

func TestExpiredRowsAreRefusedOrKept(t *testing.T) {
	db := warehousetest.Open(t)
	old := `timestamp="2019-10-01T00:00:00Z"`
	o := options(t, db, write(t, "events.ndjson", eventLine(1, "")+eventLine(2, old)))
	o.TTLYears, o.Now = 2, fixed
	r, err := load.Run(context.Background(), o)
	if err != nil || len(r.Files) != 1 || r.Files[0].Err == nil || !strings.Contains(r.Files[0].Err.Error(), "line 2 is of 2019-10-01") {
		t.Fatalf("%v %+v", err, r)
	}
	if got := value(t, db, "SELECT count() FROM events_raw"); got != "0" {
		t.Errorf("%s rows of a refused file are in", got)
	}
	o.AllowExpired = true
	run(t, o)
	mustExec(t, db, "INSERT INTO events_raw (event_id, timestamp) VALUES ('"+uid(3)+"', '2019-10-01 00:00:00')")
	mustExec(t, db, "OPTIMIZE TABLE events_raw FINAL")
	if got := value(t, db, "SELECT arraySort(groupArray(toString(event_id))) FROM events_raw"); got != "['"+uid(1)+"','"+uid(2)+"']" {
		t.Errorf("after the TTL did its work: %s", got)
	}
}

// TestTheStricterLimitCounts loads an event of 2019 into tables with and without
// a TTL of their own, under several values of the var.
func TestTheStricterLimitCounts(t *testing.T) {
	for _, c := range limitCases() {
		t.Run(c.name, c.test)
	}
}

type limitCase struct {
	name, ttl string
	years     int
	allow     bool
	err       string // "" where the row is loaded
}

func limitCases() []limitCase {
	const kept = " DELETE WHERE NOT startsWith(_batch, 'kept_')"
	return []limitCase{
		{"the table's TTL counts where the var has none", "MODIFY TTL toDateTime(timestamp) + toIntervalYear(2)" + kept, 0, false,
			"line 2 is of 2019-10-01, and rows older than the 2 years of events_raw's own TTL are not kept; load them all the same with --allow-expired"},
		{"and where the var has more", "MODIFY TTL toDateTime(timestamp) + toIntervalYear(2)" + kept, 10, false, "events_raw's own TTL"},
		{"and in other units", "MODIFY TTL timestamp + INTERVAL 18 MONTH" + kept, 0, false, "the 18 months of events_raw's own TTL"},
		{"the var counts where it has less", "MODIFY TTL toDateTime(timestamp) + toIntervalYear(9)" + kept, 2, false, "older than the var ttl_years"},
		{"and where the table has none", "REMOVE TTL", 2, false, "older than the var ttl_years"},
		{"the table keeps longer", "MODIFY TTL toDateTime(timestamp) + toIntervalYear(30)" + kept, 0, false, ""},
		{"no limit at all", "REMOVE TTL", 0, false, ""},
		{"rows kept on purpose", "MODIFY TTL toDateTime(timestamp) + toIntervalYear(2)" + kept, 2, true, ""},
		{"a TTL that spares nothing", "MODIFY TTL toDateTime(timestamp) + toIntervalYear(2)", 0, true,
			"the TTL of events_raw deletes old rows also where --allow-expired brought them; give it the exception first: ALTER TABLE"},
		{"a TTL of unknown shape", "MODIFY TTL toStartOfYear(timestamp) + toIntervalYear(2)", 0, false, "the table's TTL (toStartOfYear(timestamp) + toIntervalYear(2)) deletes 1 of its 2 rows"},
	}
}

func (c limitCase) test(t *testing.T) {
	db := warehousetest.Open(t)
	if err := (models{t, db}).Ensure(context.Background(), "events_raw"); err != nil {
		t.Fatal(err)
	}
	mustExec(t, db, "ALTER TABLE events_raw "+c.ttl)
	o := options(t, db, write(t, "events.ndjson", eventLine(1, "")+eventLine(2, `timestamp="2019-10-01T00:00:00Z"`)))
	o.TTLYears, o.AllowExpired, o.Now = c.years, c.allow, fixed
	r, err := load.Run(context.Background(), o)
	if err != nil || len(r.Files) != 1 {
		t.Fatalf("%v %+v", err, r)
	}
	want := "2"
	if c.err != "" {
		want = "0"
		if r.Files[0].Err == nil || !strings.Contains(r.Files[0].Err.Error(), c.err) {
			t.Errorf("got %v, want %q", r.Files[0].Err, c.err)
		}
	} else if r.Files[0].Err != nil {
		t.Error(r.Files[0].Err)
	}
	if got := value(t, db, "SELECT count() FROM events_raw"); got != want {
		t.Errorf("%s rows are in, want %s", got, want)
	}
	noStages(t, db)
}

func TestMessageOfTheExceptionHelps(t *testing.T) {
	db := warehousetest.Open(t)
	if err := (models{t, db}).Ensure(context.Background(), "events_raw"); err != nil {
		t.Fatal(err)
	}
	mustExec(t, db, "ALTER TABLE events_raw MODIFY TTL toDateTime(timestamp) + toIntervalYear(2)")
	o := options(t, db, write(t, "events.ndjson", eventLine(2, `timestamp="2019-10-01T00:00:00Z"`)))
	o.AllowExpired = true
	r, err := load.Run(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	_, statement, _ := strings.Cut(r.Files[0].Err.Error(), "first: ")
	mustExec(t, db, statement)
	if got := newRows(run(t, o)); got != 1 {
		t.Errorf("%d rows are in after the advice was followed", got)
	}
}
