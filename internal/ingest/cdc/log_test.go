package cdc_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/broker/embedded"
	"github.com/tiendi/tiendi/internal/broker/rabbitmq"
	"github.com/tiendi/tiendi/internal/broker/rabbitmq/rabbitmqtest"
	"github.com/tiendi/tiendi/internal/change"
	"github.com/tiendi/tiendi/internal/ingest/cdc"
)

// restartLog ends the log and starts it again at the same place; between happens while
// it is away.
func (s *shop) restartLog(between func()) {
	s.Helper()
	_, port, _ := strings.Cut(s.server.Config().Addr, ":")
	n, err := strconv.Atoi(port)
	if err != nil {
		s.Fatal(err)
	}
	s.server.Stop()
	between()
	s.server, err = embedded.Start(context.Background(), embedded.ServerOptions{Dir: s.dir, Port: n, Token: token, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		s.Fatal(err)
	}
}

// confirmed is the slot's, in bytes; 0 where there is none yet.
func (s *shop) confirmed() (lsn int64) {
	s.Helper()
	err := s.db.QueryRow(s.soon(), "SELECT coalesce(max(confirmed_flush_lsn - '0/0'), 0)::int8 FROM pg_replication_slots WHERE slot_name = $1", s.slot).Scan(&lsn)
	if err != nil {
		s.Fatal(err)
	}
	return lsn
}

// caughtUp waits until the slot has confirmed what is committed now.
func (s *shop) caughtUp() {
	s.Helper()
	var now int64
	if err := s.db.QueryRow(s.soon(), "SELECT pg_logical_emit_message(true, 'test', '') - '0/0'").Scan(&now); err != nil {
		s.Fatal(err)
	}
	s.eventually("the slot has confirmed all", func() bool { return s.confirmed() >= now })
}

// TestALogThatIsAway: PostgreSQL is told nothing of what the log does not have, keeps
// the session, and everything is there when the log is back.
func TestALogThatIsAway(t *testing.T) {
	t.Parallel()
	s := newShop(t, small, "t")
	r := s.run()
	s.caughtUp()
	s.restartLog(func() {
		before := s.confirmed()
		s.exec("UPDATE t SET v = 'while it is away'; INSERT INTO t VALUES (100, 'new', 1)")
		s.eventually("it tries", func() bool { return strings.Contains(metrics(t, r.Source), "tiendi_cdc_append_retries_total 2") })
		var after string
		if err := s.db.QueryRow(s.soon(), "SELECT pg_logical_emit_message(true, 'test', '')::text").Scan(&after); err != nil {
			t.Fatal(err)
		}
		time.Sleep(1500 * time.Millisecond) // more than one report
		if now := s.confirmed(); now < before || now >= lsn(t, after) {
			t.Errorf("confirmed was %d, is %d, and nothing from %s on is in the log", before, now, after)
		}
	})
	s.caughtUp()
	s.compare(s.replay(), "public.t", "id")
	if err := r.end(); err != nil {
		t.Error(err)
	}
}

func lsn(t *testing.T, text string) int64 {
	t.Helper()
	var high, low int64
	if _, err := fmt.Sscanf(text, "%X/%X", &high, &low); err != nil {
		t.Fatal(err)
	}
	return high<<32 | low
}

func metrics(t testing.TB, source *cdc.Source) string {
	t.Helper()
	registry := prometheus.NewRegistry()
	registry.MustRegister(source)
	w := httptest.NewRecorder()
	promhttp.HandlerFor(registry, promhttp.HandlerOpts{}).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	return w.Body.String()
}

// TestAnIdleDatabaseHoldsNoLog: the slot moves on while others are busy, and nobody
// changes what is mirrored.
func TestAnIdleDatabaseHoldsNoLog(t *testing.T) {
	t.Parallel()
	s := newShop(t, small+"CREATE TABLE busy (v text)", "t")
	r := s.run()
	s.caughtUp()
	before := s.confirmed()
	s.exec("INSERT INTO busy SELECT repeat('x', 1000) FROM generate_series(1, 2000)")
	s.caughtUp()
	if after := s.confirmed(); after < before+1<<20 {
		t.Errorf("confirmed is %d, and was %d before 2 MB of others' changes", after, before)
	}
	text := metrics(t, r.Source)
	for _, want := range []string{`tiendi_cdc_changes_total{op="read",table="public.t"} 20`, "tiendi_cdc_lag_seconds ", "tiendi_cdc_lag_bytes 0",
		"tiendi_cdc_confirmed_lsn_bytes ", `tiendi_cdc_snapshot_chunks{state="done",table="public.t"} 1`, "tiendi_cdc_snapshotting 0"} {
		if !strings.Contains(text, want) {
			t.Errorf("the metrics do not have %s:\n%s", want, text)
		}
	}
	status, err := cdc.ReadStatus(s.soon(), s.options())
	if err != nil || !status.Active || status.LagSeconds > 30 || len(status.Warnings) > 0 {
		t.Errorf("status %+v, %v", status, err)
	}
}

func TestOnRabbitMQ(t *testing.T) {
	t.Parallel()
	s := newShop(t, difficult+fillDifficult, difficultTables...)
	b, err := rabbitmq.Connect(rabbitmqtest.Run(t).Config(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	s.use(b)
	s.once()
	s.exec("UPDATE notes SET small = 0; DELETE FROM orders WHERE total < 5; TRUNCATE whole; INSERT INTO whole VALUES (1, 1, 'one')")
	s.once()
	s.compareDifficult()
}

// slowLog takes no more than a batch at a time, and says how many wait.
type slowLog struct {
	broker.Broker
	gate    chan struct{}
	appends atomic.Int64
}

func (b *slowLog) Open(ctx context.Context, topic string, partition int) (broker.Log, error) {
	l, err := b.Broker.Open(ctx, topic, partition)
	return &slowPartition{l, b}, err
}

type slowPartition struct {
	broker.Log
	broker *slowLog
}

func (l *slowPartition) Append(ctx context.Context, m ...broker.Message) error {
	l.broker.appends.Add(1)
	select {
	case <-l.broker.gate:
	case <-ctx.Done():
		return ctx.Err()
	}
	return l.Log.Append(ctx, m...)
}

// TestALargeTransactionTakesNoMemory: 150 MB in one transaction, in front of a log that
// takes nothing. What is under way is bounded, PostgreSQL goes on to be answered, and in
// the end all is there.
func TestALargeTransactionTakesNoMemory(t *testing.T) {
	s := newShop(t, "CREATE TABLE t (id int PRIMARY KEY, v text); ALTER TABLE t ALTER v SET STORAGE PLAIN", "t")
	s.once()
	slow := &slowLog{Broker: s.broker, gate: make(chan struct{})}
	r := s.run(func(o *cdc.Options) {
		o.Broker = slow
		o.URL += "?options=-c%20wal_sender_timeout%3D5s"
	})
	s.exec("INSERT INTO t SELECT n, repeat(md5(n::text), 150) FROM generate_series(1, 30000) n")
	s.eventually("all partitions wait", func() bool { return slow.appends.Load() == partitions })
	time.Sleep(6 * time.Second) // PostgreSQL would end the session by now
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	if m.HeapAlloc > 130<<20 { // what may be under way, and half of that for all else
		t.Errorf("%d MiB on the heap", m.HeapAlloc>>20)
	}
	text := metrics(t, r.Source)
	if !strings.Contains(text, "tiendi_cdc_reconnects_total 0") {
		t.Errorf("the session was lost:\n%s", text)
	}
	close(slow.gate)
	s.caughtUp()
	if err := r.end(); err != nil {
		t.Error(err)
	}
	numbers := map[uint64]bool{}
	for _, c := range s.changes() {
		if c.Op == change.Insert {
			numbers[c.Version.Sequence] = true
		}
	}
	if len(numbers) != 30000 {
		t.Errorf("%d of 30000 rows are in the log", len(numbers))
	}
}

// TestALogThatIsGone: who ends since its log has ended does not wait for that log.
func TestALogThatIsGone(t *testing.T) {
	t.Parallel()
	s := newShop(t, small, "t")
	s.once()
	slow := &slowLog{Broker: s.broker, gate: make(chan struct{})}
	gone, said := make(chan struct{}), new(bytes.Buffer)
	r := s.run(func(o *cdc.Options) {
		o.Broker, o.Gone, o.Log = slow, gone, slog.New(slog.NewTextHandler(said, nil))
	})
	s.exec("UPDATE t SET v = 'x'")
	s.eventually("a partition waits", func() bool { return slow.appends.Load() > 0 })
	close(gone)
	if err := r.end(); err != nil {
		t.Error(err)
	}
	if text := said.String(); !strings.Contains(text, "not everything is confirmed") || strings.Contains(text, "deadline") {
		t.Errorf("it waited for the log:\n%s", text)
	}
	s.once()
	s.compare(s.replay(), "public.t", "id")
}

// TestARowTooLarge stops with what to do, and not with the log's error.
func TestARowTooLarge(t *testing.T) {
	t.Parallel()
	s := newShop(t, "CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t VALUES (1, repeat('x', 4000000)), (2, repeat('x', 3000000)), (3, repeat('y', 3000000))", "t")
	s.wants(s.tryOnce(), "a row of public.t takes 4000", "a publication may list the columns")
	s.exec("DELETE FROM t WHERE id = 1")
	s.once()
	s.compare(s.replay(), "public.t", "id")
	s.exec("INSERT INTO t VALUES (4, repeat('x', 4000000))")
	s.wants(s.tryOnce(), "a row of public.t takes 4000")
}

// TestADrainEndsTheWork: what was read before the end is in the log, and is not read
// again.
func TestADrainEndsTheWork(t *testing.T) {
	t.Parallel()
	s := newShop(t, small, "t")
	r := s.run()
	s.caughtUp()
	s.exec("UPDATE t SET v = 'x'")
	s.eventually("it is read", func() bool {
		return strings.Contains(metrics(t, r.Source), `tiendi_cdc_changes_total{op="update",table="public.t"} 20`)
	})
	if err := r.end(); err != nil {
		t.Error(err)
	}
	n := len(s.changes())
	s.once()
	if again := len(s.changes()); again != n {
		t.Errorf("%d changes, and %d after another run", n, again)
	}
	s.compare(s.replay(), "public.t", "id")
}
