package load_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/tiendi/tiendi/internal/ingest/load"
	"github.com/tiendi/tiendi/internal/warehouse"
	"github.com/tiendi/tiendi/internal/warehouse/warehousetest"
)

func TestBadFiles(t *testing.T) {
	db := warehousetest.Open(t)
	for i, c := range append(badEvents(), badFiles()...) {
		t.Run(fmt.Sprintf("%d %s", i, c.name), func(t *testing.T) {
			path := write(t, c.name, c.content)
			o := options(t, db, path)
			o.Now = fixed
			r, err := load.Run(context.Background(), o)
			if err != nil {
				t.Fatal(err)
			}
			checkBad(t, db, c, r, path)
			empty(t, db)
		})
	}
}

func checkBad(t *testing.T, db *warehouse.Client, c badCase, r *load.Result, path string) {
	t.Helper()
	if c.err != "" {
		var errs []string
		for _, f := range r.Files {
			errs = append(errs, fmt.Sprint(f.Err))
		}
		for _, u := range r.Unplaced {
			errs = append(errs, fmt.Sprint(u.Err))
		}
		if len(errs) != 1 || !strings.Contains(errs[0], c.err) {
			t.Errorf("errors %q, want %q", errs, c.err)
		}
		return
	}
	if len(r.Files) != 1 || r.Files[0].Err != nil {
		t.Fatalf("%+v", r)
	}
	f := r.Files[0]
	if f.Rows != c.rows || f.New != c.rows || f.Rejected != uint64(len(c.rejects)) {
		t.Errorf("%d rows, %d new, %d rejected; want %d and %d", f.Rows, f.New, f.Rejected, c.rows, len(c.rejects))
	}
	if got := value(t, db, "SELECT count() FROM "+f.Table); got != fmt.Sprint(c.rows) {
		t.Errorf("the table has %s rows, want %d", got, c.rows)
	}
	var told []string
	for _, reject := range f.Rejects {
		told = append(told, fmt.Sprintf("%d %s %s", reject.Line, reject.Reason, reject.Pointer))
	}
	want := strings.Join(c.rejects, "\n")
	if got := strings.Join(told, "\n"); got != want {
		t.Errorf("told rejects:\n%s\nwant:\n%s", got, want)
	}
	stored := value(t, db, "SELECT arrayStringConcat(arraySort(groupArray(concat(toString(line), ' ', reason, ' ', pointer))), '\n') FROM load_rejects WHERE file = "+warehouse.Literal(path))
	if stored != want {
		t.Errorf("stored rejects:\n%s\nwant:\n%s", stored, want)
	}
}

// empty makes the tables empty for the next case and checks that no table of a
// load is left behind.
func empty(t *testing.T, db *warehouse.Client) {
	t.Helper()
	noStages(t, db)
	for _, table := range append(load.Tables(), &load.Table{Name: load.RejectsTable}, &load.Table{Name: load.HistoryTable}) {
		if _, err := db.Exec(context.Background(), "TRUNCATE TABLE IF EXISTS "+table.Name); err != nil {
			t.Fatal(err)
		}
	}
}

func noStages(t *testing.T, db *warehouse.Client) {
	t.Helper()
	left := value(t, db, "SELECT arrayStringConcat(groupArray(name), ' ') FROM system.tables WHERE database = currentDatabase() AND startsWith(name, '_tiendi')")
	if left != "" {
		t.Errorf("tables left behind: %s", left)
	}
}

func TestRawBytesOfRejectsAreKeptWithoutAddresses(t *testing.T) {
	db := warehousetest.Open(t)
	o := options(t, db, write(t, "events.ndjson", eventLine(1, "-event_type")))
	run(t, o)
	want := strings.TrimSpace(strings.Replace(eventLine(1, "-event_type"), "203.0.113.77", "203.0.113.0", 1))
	if got := value(t, db, "SELECT raw FROM load_rejects"); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
