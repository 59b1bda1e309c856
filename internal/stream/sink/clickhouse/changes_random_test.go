package clickhouse_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/change"
	"github.com/tiendi/tiendi/internal/stream/sink/clickhouse"
	"github.com/tiendi/tiendi/internal/warehouse"
	"github.com/tiendi/tiendi/internal/warehouse/warehousetest"
)

// source is a database's table and the log of what happened to it.
type source struct {
	random *rand.Rand
	rows   map[int]string // price by number of the product
	lsn    uint64
	logs   [][]change.Change // by partition
}

func newSource(random *rand.Rand, partitions int) *source {
	return &source{random: random, rows: map[int]string{}, logs: make([][]change.Change, partitions)}
}

func (s *source) log(op change.Op, version change.Version, n int, row [][]byte) {
	partition := change.Partition("products", [][]byte{[]byte(idOf(n))}, len(s.logs))
	s.logs[partition] = append(s.logs[partition], change.Change{Relation: products(), Op: op, Version: version, Committed: noon, Row: row})
}

// transaction does some things at random: inserts, updates, deletes, changes of a key and
// now and then a truncate.
func (s *source) transaction() {
	s.lsn += 1 + s.random.Uint64N(100)
	sequence := uint64(0)
	next := func() change.Version {
		sequence++
		return at(s.lsn, sequence)
	}
	put := func(op change.Op, n int) {
		s.rows[n] = fmt.Sprintf("%d.%02d", s.random.IntN(1000), s.random.IntN(100))
		s.log(op, next(), n, productRow(n, s.rows[n]))
	}
	remove := func(n int) {
		delete(s.rows, n)
		s.log(change.Delete, next(), n, deleted(products(), idOf(n)))
	}
	for range 1 + s.random.IntN(5) {
		n, m := s.random.IntN(60), s.random.IntN(60)
		_, there := s.rows[n]
		_, taken := s.rows[m]
		switch dice := s.random.IntN(100); {
		case dice < 2:
			clear(s.rows)
			version := next()
			for partition := range s.logs {
				s.logs[partition] = append(s.logs[partition], change.Change{Relation: products(), Op: change.Truncate, Version: version, Committed: noon})
			}
		case !there:
			put(change.Insert, n)
		case dice < 30:
			remove(n)
		case dice < 45 && !taken && m != n:
			remove(n)
			put(change.Insert, m)
		default:
			put(change.Update, n)
		}
	}
}

// cut makes inserts of a log: messages of any size, some messages an insert.
func (s *source) cut(log []change.Change) (inserts [][][]byte) {
	for len(log) > 0 {
		n := min(len(log), 1+s.random.IntN(40))
		inserts = append(inserts, messages(1+s.random.IntN(10), log[:n]...))
		log = log[n:]
	}
	return inserts
}

// want holds the last versions in the warehouse against the table.
func (s *source) want(t testing.TB, db *warehouse.Client) {
	t.Helper()
	var lines []string
	for _, n := range slices.Sorted(maps.Keys(s.rows)) {
		lines = append(lines, idOf(n)+" "+s.rows[n])
	}
	want(t, db, strings.Replace(latest("products_raw", "id", "price"), "tupleElement(l, 1)", "toDecimalString(tupleElement(l, 1), 2)", 1), strings.Join(lines, "\n"))
}

// TestRandomChanges writes the partitions of a log in any order of each other, some
// inserts twice and some of them half, and compares the last versions with the source.
func TestRandomChanges(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Log("seed", seed)
	db := warehousetest.Open(t)
	s := openChanges(t, db, new(records))
	source := newSource(rand.New(rand.NewPCG(seed, 0)), 3)
	for range 4 {
		for range 60 {
			source.transaction()
		}
		written := writeAll(t, source, func(token string, bodies [][]byte) { take(t, s, token, bodies) })
		source.want(t, db)
		// A source that was killed sends again from somewhere before.
		for _, i := range source.random.Perm(len(written))[:len(written)/4] {
			take(t, s, fmt.Sprint("again ", i, " of ", source.lsn), written[i])
			take(t, s, fmt.Sprint("again ", i, " of ", source.lsn), written[i])
		}
		source.want(t, db)
	}
	want(t, db, "SELECT count() FROM change_rejects", "0")
}

// writeAll writes what the logs hold, and empties them.
func writeAll(t testing.TB, s *source, write func(token string, bodies [][]byte)) (written [][][]byte) {
	t.Helper()
	writeLogs(t, s, func(_ int, bodies [][]byte) {
		write(fmt.Sprintf("%d@%d", s.lsn, len(written)), bodies)
		written = append(written, bodies)
	})
	return written
}

// writeLogs does so and says of which partition each insert is.
func writeLogs(t testing.TB, s *source, write func(partition int, bodies [][]byte)) {
	t.Helper()
	waiting := map[int][][][]byte{}
	for partition, log := range s.logs {
		waiting[partition] = s.cut(log)
		s.logs[partition] = nil
	}
	for {
		maps.DeleteFunc(waiting, func(_ int, inserts [][][]byte) bool { return len(inserts) == 0 })
		if len(waiting) == 0 {
			return
		}
		partitions := slices.Sorted(maps.Keys(waiting))
		p := partitions[s.random.IntN(len(partitions))]
		write(p, waiting[p][0])
		waiting[p] = waiting[p][1:]
	}
}

// TestTruncate goes through the orders in which partitions come to a truncate.
func TestTruncate(t *testing.T) {
	r := products()
	put := func(version change.Version, n int) change.Change {
		return change.Change{Relation: r, Op: change.Insert, Version: version, Row: productRow(n, "1.00")}
	}
	truncate := change.Change{Relation: r, Op: change.Truncate, Version: at(5, 1)}
	first := messages(9, put(at(1, 1), 1), put(at(4, 1), 2), truncate, put(at(6, 1), 1))
	second := messages(9, put(at(2, 1), 3), truncate, put(at(5, 2), 4), put(at(7, 1), 5))
	for _, order := range [][][][]byte{{first, second}, {second, first}, {first, first, second, first}, {second, first, second}} {
		db := warehousetest.Open(t)
		s := openChanges(t, db, new(records))
		build(t, db, "products_raw")
		exec(t, db, "INSERT INTO products_raw (id, name) VALUES ('"+idOf(8)+"', 'of a file')")
		for i, bodies := range order {
			for range 2 {
				take(t, s, fmt.Sprint(i), bodies)
			}
		}
		want(t, db, latest("products_raw", "id", "name"), idOf(1)+" Product 1\n"+idOf(4)+" Product 4\n"+idOf(5)+" Product 5")
		want(t, db, "SELECT countIf(_deleted), count(DISTINCT id, _version) FROM products_raw", "4 11")
	}
}

// TestChangesOfManyTables has one insert for three tables, by several workers at once.
func TestChangesOfManyTables(t *testing.T) {
	db := warehousetest.Open(t)
	users := &change.Relation{Schema: "public", Name: "users", Columns: []change.Column{{Name: "id", Type: pgUUID, Key: true}, {Name: "city", Type: pgText}}}
	subscriptions := &change.Relation{Schema: "public", Name: "subscriptions", Columns: []change.Column{
		{Name: "store_id", Type: pgUUID, Key: true}, {Name: "started_at", Type: pgTimestamptz, Key: true}, {Name: "ended_at", Type: pgTimestamptz},
	}}
	bodies := messages(2,
		change.Change{Relation: users, Op: change.Read, Version: at(1, 0), Row: row(idOf(1), "Quito")},
		change.Change{Relation: subscriptions, Op: change.Read, Version: at(1, 0), Row: row(idOf(1), "2026-01-01 00:00:00+00", "-")},
		change.Change{Relation: users, Op: change.Insert, Version: at(2, 1), Row: row(idOf(2), "-")},
		change.Change{Relation: products(), Op: change.Insert, Version: at(2, 2), Row: productRow(1, "1.00")},
		change.Change{Relation: subscriptions, Op: change.Delete, Version: at(3, 1), Row: row(idOf(1), "2025-12-31 19:00:00-05", "-")},
	)
	done := make(chan error)
	for range 4 {
		go func() {
			s, err := openChangesOr(t, db, new(records))
			for n := 0; n < 5 && err == nil; n++ {
				_, err = s.Insert(t.Context(), fmt.Sprint(n), bodies)
				if clickhouse.UnderWay(err) {
					err = nil
				}
			}
			done <- err
		}()
	}
	for range 4 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	for n := range 5 {
		take(t, openChanges(t, db, new(records)), fmt.Sprint(n), bodies)
	}
	want(t, db, "SELECT count(), uniqExact(_batch) FROM users_raw", "10 5")
	want(t, db, "SELECT count(), uniqExact(_batch) FROM subscriptions_raw", "10 5")
	want(t, db, latest("subscriptions_raw", "store_id, started_at", "ended_at"), "")
}

// TestChangesRememberedButLost takes rows away behind the back of the tokens, as a server
// does that dies between noting a token and having its part.
func TestChangesRememberedButLost(t *testing.T) {
	db := warehousetest.Open(t)
	var log records
	s := openChanges(t, db, &log)
	r := products()
	bodies := messages(2,
		change.Change{Relation: r, Op: change.Insert, Version: at(1, 1), Row: productRow(1, "1.00")},
		change.Change{Relation: r, Op: change.Insert, Version: at(1, 2), Row: productRow(2, "1.005")},
		change.Change{Relation: r, Op: change.Insert, Version: at(1, 3), Row: productRow(3, "3.00")},
	)
	take(t, s, "a", bodies)
	exec(t, db, "ALTER TABLE products_raw DELETE WHERE _position = 2 SETTINGS mutations_sync = 2", "TRUNCATE TABLE change_rejects")
	for range 2 {
		take(t, s, "a", bodies)
		want(t, db, "SELECT _position, price FROM products_raw ORDER BY ALL", "0 1\n2 3")
		want(t, db, "SELECT _position FROM change_rejects", "1")
	}
	if n := strings.Count(log.String(), "lost rows"); n == 0 {
		t.Errorf("logged %s", log.String())
	}
}
