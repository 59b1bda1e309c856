package clickhouse_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/change"
	"github.com/tiendi/tiendi/internal/stream/sink/clickhouse"
	"github.com/tiendi/tiendi/internal/warehouse"
	"github.com/tiendi/tiendi/internal/warehouse/warehousetest"
)

// rowsOf is what a database's raw tables of changes hold, but for where and when rows came.
func rowsOf(t testing.TB, db *warehouse.Client) string {
	t.Helper()
	return values(t, db, "SELECT count(), countIf(_deleted), sum(cityHash64(* EXCEPT (_batch, _position, ingested_at))) FROM products_raw") + ", rejects " +
		values(t, db, "SELECT count(), sum(cityHash64(* EXCEPT (_batch, _position, ingested_at))) FROM change_rejects FINAL WHERE NOT is_written")
}

// keep parts a log into files, some of whose changes are sent again, as a source does that
// was killed, and some do not fit their table.
func (s *source) keep(log []change.Change) (files [][]change.Change) {
	for len(log) > 0 {
		n := min(len(log), 1+s.random.IntN(30))
		file := append([]change.Change{}, log[:n]...)
		if s.random.IntN(3) == 0 {
			file = append(file, log[s.random.IntN(n):n]...)
		}
		if s.random.IntN(3) == 0 {
			file = append(file, change.Change{Relation: products(), Op: change.Insert, Version: at(s.lsn, 1000+s.random.Uint64N(1<<30)), Committed: noon, Row: productRow(1000, "0.001")})
		}
		files, log = append(files, file), log[n:]
	}
	return files
}

// refill brings files of all partitions back, so many changes at once, and commits where
// it likes.
func (s *source) refill(t testing.TB, to *clickhouse.Changes, files [][][]change.Change, until int) {
	t.Helper()
	r, err := to.Refill(t.Context(), "test", func(string) bool { return true })
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	check(err)
	for partition, log := range files {
		for n, file := range log {
			if until--; until < 0 {
				return // killed
			}
			for first := 0; first < len(file); first += 15 {
				check(r.Take(t.Context(), fmt.Sprintf("%d-log/%d@%d-%d", partition, partition, n, n+1), first, file[first:min(first+15, len(file))]))
			}
			if s.random.IntN(5) == 0 {
				check(r.Commit(t.Context()))
			}
		}
	}
	check(r.Commit(t.Context()))
	check(r.Close(t.Context()))
}

// TestRefill has the files of a log, and wants what the stream made of the log, whatever
// is there of it before, and however often it was begun.
func TestRefill(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Log("seed", seed)
	source := newSource(rand.New(rand.NewPCG(seed, 0)), 3)
	for range 60 {
		source.transaction()
	}
	var files [][][]change.Change
	for partition, log := range source.logs {
		kept := source.keep(log)
		files = append(files, kept)
		source.logs[partition] = nil
		for _, file := range kept {
			source.logs[partition] = append(source.logs[partition], file...)
		}
	}
	streamed := warehousetest.Open(t)
	stream := openChanges(t, streamed, new(records))
	cuts := map[int]int{}
	writeLogs(t, source, func(partition int, bodies [][]byte) {
		take(t, stream, fmt.Sprintf("%d-log/%d@%d-%d", partition, partition, cuts[partition], cuts[partition]+1), bodies)
		cuts[partition]++
	})
	want := rowsOf(t, streamed)
	t.Log(want)
	same := func(what string, db *warehouse.Client) {
		t.Helper()
		if got := rowsOf(t, db); got != want {
			t.Errorf("%s: got %s, want %s", what, got, want)
		}
		if left := values(t, db, "SELECT groupArray(name) FROM system.tables WHERE database = currentDatabase() AND startsWith(name, '_tiendi')"); left != "[]" {
			t.Errorf("%s: left behind: %s", what, left)
		}
	}
	empty := warehousetest.Open(t)
	fresh := openChanges(t, empty, new(records))
	for _, until := range []int{3, 9, 1 << 30, 1 << 30} { // killed twice, then done twice
		source.refill(t, fresh, files, until)
	}
	same("from nothing", empty)
	source.refill(t, stream, files, 1<<30)
	same("all is there", streamed)
	exec(t, streamed, "ALTER TABLE products_raw DELETE WHERE cityHash64(id) % 3 = 0 SETTINGS mutations_sync = 2",
		"ALTER TABLE change_rejects DELETE WHERE _version % 2 = 0 SETTINGS mutations_sync = 2")
	source.refill(t, stream, files, 1<<30)
	same("some was lost", streamed)
}

// TestRefillOfNewColumns has columns come in the middle of a file, and takes one table of
// two.
func TestRefillOfNewColumns(t *testing.T) {
	db := warehousetest.Open(t)
	s := openChanges(t, db, new(records))
	users := &change.Relation{Schema: "public", Name: "users", Columns: []change.Column{{Name: "id", Type: pgUUID, Key: true}}}
	more := products(change.Column{Name: "weight", Type: pgNumeric})
	file := []change.Change{
		{Relation: products(), Op: change.Insert, Version: at(1, 1), Row: productRow(1, "1.00")},
		{Relation: users, Op: change.Insert, Version: at(1, 2), Row: row(idOf(1))},
		{Relation: more, Op: change.Insert, Version: at(2, 1), Row: productRow(2, "2.00", "1.5")},
		{Relation: more, Op: change.Update, Version: at(3, 1), Row: productRow(1, "3.00", "-")},
	}
	for range 2 {
		r, err := s.Refill(t.Context(), "test", func(table string) bool { return table != "users_raw" })
		for i := range file {
			if err == nil {
				err = r.Take(t.Context(), "log/1@5-9", i, file[i:i+1])
			}
		}
		if err == nil {
			err = r.Commit(t.Context())
		}
		if err != nil {
			t.Fatal(err)
		}
		want(t, db, "SELECT _position, price, weight, _batch FROM products_raw ORDER BY ALL", "0 1 <nil> cdc/log/1@5-9/archive\n2 2 1.5 cdc/log/1@5-9/archive\n3 3 <nil> cdc/log/1@5-9/archive")
		want(t, db, "EXISTS TABLE users_raw", "0")
	}
}
