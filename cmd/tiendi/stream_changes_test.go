package main

import (
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/broker/embedded"
	changes "github.com/tiendi/tiendi/internal/change"
)

// mirror is a table of orders in a database, and its way into the log.
type mirror struct {
	t        testing.TB
	random   *rand.Rand
	producer *broker.Producer
	relation *changes.Relation
	rows     map[string][]string // by id
	lsn      uint64
	more     []string // of columns that were added
	encoders [mirrorPartitions]changes.Encoder
}

// mirrorPartitions is how many partitions topics have unless the profile says.
const mirrorPartitions = 8

func newMirror(t testing.TB, s *shop) *mirror {
	t.Helper()
	b, err := embedded.Connect(s.engine.lease.Broker(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	seed := uint64(time.Now().UnixNano())
	t.Log("seed", seed)
	m := &mirror{t: t, random: rand.New(rand.NewPCG(seed, 0)), producer: broker.NewProducer(b, changes.Topic), rows: map[string][]string{}, lsn: 1000}
	m.relation = &changes.Relation{Schema: "public", Name: "orders", Columns: []changes.Column{
		{Name: "id", Type: 2950, Key: true}, {Name: "store_id", Type: 2950}, {Name: "user_id", Type: 2950}, {Name: "status", Type: 25},
		{Name: "subtotal", Type: 1700}, {Name: "delivery_fee", Type: 1700}, {Name: "total", Type: 1700}, {Name: "payment_method", Type: 25},
		{Name: "created_at", Type: 1184}, {Name: "updated_at", Type: 1184},
	}}
	return m
}

func orderID(n int) string { return fmt.Sprintf("00000000-0000-4000-8000-%012d", n) }

// row is an order as the database has it now.
func (m *mirror) row(id string) []string {
	cents := m.random.IntN(100_000)
	money := func(cents int) string { return fmt.Sprintf("%d.%02d", cents/100, cents%100) }
	status := []string{"PENDIENTE", "ENTREGADO", "CANCELADO"}[m.random.IntN(3)]
	// The clock of whoever updates is no order of changes: versions are.
	at := time.Date(2026, 11, 1, m.random.IntN(24), m.random.IntN(60), 0, 0, time.UTC).Format("2006-01-02 15:04:05-07")
	return append([]string{id, orderID(9001), orderID(9002), status, money(cents), "2.50", money(cents + 250), "CARD", "2026-11-01 10:00:00+00", at}, m.more...)
}

func (m *mirror) log(op changes.Op, version changes.Version, id string, texts []string) {
	row := make([][]byte, len(m.relation.Columns))
	row[0] = []byte(id)
	for i, text := range texts {
		row[i] = []byte(text)
	}
	m.encoders[changes.Partition(m.relation.Name, row[:1], mirrorPartitions)].Add(&changes.Change{
		Relation: m.relation, Op: op, Version: version, Committed: time.Unix(1_790_000_000, 0), Row: row,
	})
}

// snapshot reads all rows as they are.
func (m *mirror) snapshot(n int) {
	for i := range n {
		id := orderID(i)
		m.rows[id] = m.row(id)
		m.log(changes.Read, changes.Version{LSN: m.lsn}, id, m.rows[id])
	}
}

// people reads the store and the user of all orders, from tables that have fewer columns
// than the raw ones.
func (m *mirror) people() {
	orders := m.relation
	columns := []changes.Column{{Name: "id", Type: 2950, Key: true}, {Name: "city", Type: 25}, {Name: "created_at", Type: 1184}}
	for name, id := range map[string]string{"stores": orderID(9001), "users": orderID(9002)} {
		m.relation = &changes.Relation{Schema: "public", Name: name, Columns: columns}
		m.log(changes.Read, changes.Version{LSN: m.lsn}, id, []string{id, "Quito", "2026-01-01 00:00:00+00"})
	}
	m.relation = orders
}

// change does something to a row.
func (m *mirror) change() {
	m.lsn += 8
	id, other := orderID(m.random.IntN(300)), orderID(m.random.IntN(300))
	op := changes.Update
	switch _, there := m.rows[id]; {
	case !there:
		op = changes.Insert
	case m.random.IntN(4) == 0:
		delete(m.rows, id)
		m.log(changes.Delete, changes.Version{LSN: m.lsn, Sequence: 1}, id, nil)
		if m.rows[other] != nil || m.random.IntN(2) == 0 {
			return
		}
		id, op = other, changes.Insert // the key has changed
	}
	m.rows[id] = m.row(id)
	m.log(op, changes.Version{LSN: m.lsn, Sequence: 2}, id, m.rows[id])
}

func (m *mirror) truncate() {
	m.lsn += 8
	clear(m.rows)
	for i := range m.encoders {
		m.encoders[i].Add(&changes.Change{Relation: m.relation, Op: changes.Truncate, Version: changes.Version{LSN: m.lsn, Sequence: 1}, Committed: time.Unix(1_790_000_000, 0)})
	}
}

// send puts what has happened into the log.
func (m *mirror) send() {
	m.t.Helper()
	for partition := range m.encoders {
		e := &m.encoders[partition]
		if n := e.Len(); n > 0 {
			if err := m.producer.Append(m.t.Context(), m.producer.Batch(partition, e.Body(), n)); err != nil {
				m.t.Fatal(err)
			}
		}
	}
}

// check holds the view and what is built on it against the table.
func (m *mirror) check(s *shop) {
	m.t.Helper()
	var lines []string
	for _, id := range slices.Sorted(maps.Keys(m.rows)) {
		r := m.rows[id]
		lines = append(lines, strings.Join([]string{id, r[3], r[6], strings.TrimSuffix(r[9], "+00")}, " "))
	}
	got := s.value(m.t, "select arrayStringConcat(groupArray(line), '\n') from (select concat(toString(id), ' ', status, ' ', "+
		"toDecimalString(total, 2), ' ', formatDateTime(updated_at, '%F %T')) as line from $db.orders order by toString(id))")
	if want := strings.Join(lines, "\n"); got != want {
		m.t.Errorf("the orders differ; got\n%s\nwant\n%s", got, want)
	}
	if n := s.value(m.t, "select count() from $db.order_facts"); n != fmt.Sprint(len(m.rows)) {
		m.t.Errorf("order_facts has %s rows, the table %d", n, len(m.rows))
	}
}

// BenchmarkStreamChanges has 400,000 changes in the log and measures the command that
// brings them into the warehouse, from its start to its end: changes a second, and the
// processor time that it takes for one.
func BenchmarkStreamChanges(b *testing.B) {
	const total, each = 400_000, 1000
	s := newStreamShop(b)
	s.run(b, "stream", "--once")
	m := newMirror(b, s)
	for range b.N {
		b.StopTimer()
		for range total / each / mirrorPartitions {
			for i := 0; i < each*mirrorPartitions; {
				m.lsn += 8
				for range 5 { // of a transaction
					id := orderID(m.random.IntN(50_000))
					m.log(changes.Update, changes.Version{LSN: m.lsn, Sequence: uint64(i)}, id, m.row(id))
					i++
				}
			}
			m.send()
		}
		cmd := s.command("stream", "--once")
		b.StartTimer()
		if out, err := cmd.CombinedOutput(); err != nil {
			b.Fatalf("%v: %s", err, out)
		}
		b.ReportMetric(float64((cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime()).Nanoseconds())/total, "cpu-ns/change")
	}
	b.ReportMetric(float64(b.N)*total/b.Elapsed().Seconds(), "changes/s")
}

// TestStreamChanges brings a table of orders into the warehouse: files before and after,
// a snapshot, changes with deletions, other keys and truncates, in incremental runs. The
// last of it is a table that the project does not know.
func TestStreamChanges(t *testing.T) {
	t.Parallel()
	s := newStreamShop(t)
	build := []string{"build", "-s", "+orders", "+order_facts", "stores_staging", "users_staging"}
	s.run(t, "run")              // tests of these models look at others, too
	s.run(t, "stream", "--once") // declares the topics
	m := newMirror(t, s)
	file := filepath.Join(s.dir, "orders.csv")
	export := func(n int) {
		t.Helper()
		lines := []string{"id,store_id,user_id,status,subtotal,delivery_fee,total,payment_method,created_at,updated_at"}
		for i := range n {
			id := orderID(i)
			lines = append(lines, strings.Join([]string{id, orderID(9001), orderID(9002), "CANCELADO", "1.00", "0.00", "1.00", "CASH",
				"2026-11-01T10:00:00Z", fmt.Sprintf("2026-11-02T10:00:%02dZ", n%60)}, ","))
		}
		if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		s.run(t, "load", file)
	}
	// Every row of the file is in the snapshot, or deleted later: a row that the log never
	// names is the file's.
	export(200)
	m.snapshot(200)
	m.people()
	for round := range 3 {
		for range 150 {
			m.change()
		}
		if round == 1 {
			m.truncate()
			for range 40 {
				m.change()
			}
		}
		worker := s.command("stream", "--listen", "127.0.0.1:0")
		startServer(t, worker)
		m.send()
		time.Sleep(rand.N(1500 * time.Millisecond)) // it may be anywhere in its work
		_ = worker.Process.Kill()
		_ = worker.Wait()
		s.run(t, "stream", "--once")
		s.run(t, build...)
		m.check(s)
	}
	export(190) // of yesterday: what the log says stays
	s.run(t, build...)
	m.check(s)
	incremental := s.checksums(t)
	s.run(t, "run", "--full-refresh", "-s", "+orders", "+order_facts")
	sameTables(t, incremental, s.checksums(t))
	m.unknownTable(s)
}

// unknownTable has a table that has no raw model: the stream says which to write, and
// brings in what came meanwhile once it is there.
func (m *mirror) unknownTable(s *shop) {
	t := m.t
	t.Helper()
	orders := m.relation
	m.relation = &changes.Relation{Schema: "public", Name: "coupons", Columns: []changes.Column{{Name: "id", Type: 2950, Key: true}, {Name: "percent", Type: 1700}}}
	m.log(changes.Insert, changes.Version{LSN: m.lsn, Sequence: 5}, orderID(1), []string{orderID(1), "12.5"})
	m.relation = orders
	m.change()
	m.send()
	o := s.try(t, "stream", "--once")
	_, model, found := strings.Cut(o.stderr, "write models/raw/coupons_raw.sql and start again\n")
	if o.code != exitFailed || !found || !strings.Contains(o.stderr, "1 database changes are set aside in change_rejects") {
		t.Fatalf("exit code %d: %s", o.code, o.stderr)
	}
	s.run(t, "build", "-s", "+orders", "+order_facts")
	m.check(s)
	if err := os.WriteFile(filepath.Join(s.dir, "models", "raw", "coupons_raw.sql"), []byte(model), 0o644); err != nil {
		t.Fatal(err)
	}
	m.change()
	m.send()
	s.run(t, "stream", "--once")
	if got := s.value(t, "select distinct concat(toString(id), ' ', toString(percent)) from $db.coupons_raw"); got != orderID(1)+" 12.5" {
		t.Errorf("the coupons are %s", got)
	}
	s.run(t, "build", "-s", "coupons_raw")
}
