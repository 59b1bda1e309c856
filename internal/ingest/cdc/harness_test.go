package cdc_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/broker/embedded"
	"github.com/tiendi/tiendi/internal/change"
	"github.com/tiendi/tiendi/internal/checkpoint/folder"
	"github.com/tiendi/tiendi/internal/ingest/cdc"
	"github.com/tiendi/tiendi/internal/postgres/postgrestest"
)

// mirrorRole makes the test binary a process that mirrors, so that it can be killed.
const mirrorRole = "mirror-under-test"

const (
	token      = "token-of-tests"
	partitions = 4
	patience   = 2 * time.Minute
)

func TestMain(m *testing.M) {
	if len(os.Args) == 6 && os.Args[1] == mirrorRole {
		if err := mirrorProcess(os.Args[2], os.Args[3], os.Args[4], os.Args[5]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	postgrestest.Main(m)
}

func mirrorProcess(url, addr, state, tables string) error {
	b, err := embedded.Connect(embedded.Config{Addr: addr, Token: token}, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	store, err := folder.Open(state, time.Minute)
	if err != nil {
		return err
	}
	source, err := cdc.New(cdc.Options{
		URL: url, Tables: strings.Split(tables, ","), Slot: slotOf(url), Broker: b, Partitions: partitions, State: store, Clock: time.Now,
		Log: slog.New(slog.NewTextHandler(os.Stderr, nil)), Say: func(text string, _ ...any) { fmt.Println(text) },
		Parallel: 2, ChunkBytes: 64 << 10,
	})
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	return source.Run(ctx)
}

// shop is a source database, a log and what is known of them.
type shop struct {
	testing.TB
	url    string
	db     *pgx.Conn
	server *embedded.Server
	dir    string // of the log
	broker broker.Broker
	state  string
	slot   string
	tables []string
}

// newShop makes tables by SQL in a database of its own.
func newShop(t testing.TB, sql string, tables ...string) *shop {
	t.Helper()
	return newShopAt(t, postgrestest.Database(t), sql, tables...)
}

func newShopAt(t testing.TB, url, sql string, tables ...string) *shop {
	t.Helper()
	s := &shop{TB: t, url: url, dir: t.TempDir(), state: t.TempDir(), slot: slotOf(url), tables: tables}
	s.db = s.connect(url)
	s.exec(sql)
	var err error
	s.server, err = embedded.Start(t.Context(), embedded.ServerOptions{Dir: s.dir, Token: token, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.server.Stop() })
	b, err := embedded.Connect(s.server.Config(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	s.use(b)
	t.Cleanup(s.dropSlots)
	return s
}

// slotOf is a slot's name: a cluster has only one of each.
func slotOf(url string) string { return "slot_" + filepath.Base(url) }

// use makes a broker the log.
func (s *shop) use(b broker.Broker) {
	s.Helper()
	s.broker = b
	if err := b.Declare(s.soon(), broker.Topic{Name: change.Topic, Partitions: partitions}); err != nil {
		s.Fatal(err)
	}
}

// dropSlots lets the test's database be dropped.
func (s *shop) dropSlots() {
	c, err := pgx.Connect(context.Background(), s.url)
	if err != nil {
		return // its server is gone
	}
	defer func() { _ = c.Close(context.Background()) }()
	for range 50 {
		_, err = c.Exec(context.Background(), "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database = current_database()")
		if err == nil {
			return
		}
		time.Sleep(50 * time.Millisecond) // a session that has just ended holds it
	}
	s.Error(err)
}

func (s *shop) soon() context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	s.Cleanup(cancel)
	return ctx
}

func (s *shop) connect(url string) *pgx.Conn {
	s.Helper()
	c, err := pgx.Connect(context.Background(), url)
	if err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() { _ = c.Close(context.Background()) })
	return c
}

func (s *shop) exec(sql string) {
	s.Helper()
	if _, err := s.db.Exec(context.Background(), sql, pgx.QueryExecModeSimpleProtocol); err != nil {
		s.Fatalf("%v\n%.300s", err, sql)
	}
}

func (s *shop) options() cdc.Options {
	s.Helper()
	store, err := folder.Open(s.state, time.Minute)
	if err != nil {
		s.Fatal(err)
	}
	return cdc.Options{
		URL: s.url, Tables: s.tables, Slot: s.slot, Broker: s.broker, Partitions: partitions, State: store, Clock: time.Now,
		Log: slog.New(slog.NewTextHandler(s.Output(), nil)), Say: func(text string, args ...any) { s.Log(append([]any{text}, args...)...) },
		Parallel: 3, ChunkBytes: 64 << 10,
	}
}

// once mirrors what is there.
func (s *shop) once(change ...func(*cdc.Options)) {
	s.Helper()
	if err := s.tryOnce(change...); err != nil {
		s.Fatal(err)
	}
}

func (s *shop) tryOnce(change ...func(*cdc.Options)) error {
	s.Helper()
	o := s.options()
	for _, c := range change {
		c(&o)
	}
	source, err := cdc.New(o)
	if err != nil {
		return err
	}
	return source.Once(s.soon())
}

// running is a source that runs until it is stopped.
type running struct {
	*cdc.Source
	stop  context.CancelFunc
	ended chan error
}

func (s *shop) run(change ...func(*cdc.Options)) *running {
	s.Helper()
	o := s.options()
	for _, c := range change {
		c(&o)
	}
	source, err := cdc.New(o)
	if err != nil {
		s.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	r := &running{Source: source, stop: stop, ended: make(chan error, 1)}
	go func() { r.ended <- source.Run(ctx) }()
	s.Cleanup(func() {
		stop()
		err := <-r.ended
		r.ended <- err
	})
	return r
}

// end stops it and gives its error.
func (r *running) end() error {
	r.stop()
	err := <-r.ended
	r.ended <- err
	return err
}

// eventually waits until something is so.
func (s *shop) eventually(what string, is func() bool) {
	s.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if is() {
			return
		}
	}
	s.Fatalf("it did not come to this: %s", what)
}

// changes are all that the log has, of one partition after the other.
func (s *shop) changes() (all []change.Change) {
	s.Helper()
	for partition := range partitions {
		log, err := s.broker.Open(s.soon(), change.Topic, partition)
		if err != nil {
			s.Fatal(err)
		}
		bounds, err := log.Bounds(s.soon())
		if err != nil {
			s.Fatal(err)
		}
		r, err := broker.Read(s.soon(), s.broker, change.Topic, broker.Progress{Partition: partition}, slog.New(slog.DiscardHandler))
		if err != nil {
			s.Fatal(err)
		}
		for {
			record, more, err := r.NextBefore(s.soon(), bounds.Next)
			if err != nil {
				s.Fatal(err)
			}
			if !more {
				break
			}
			b, err := change.Decode(record.Body)
			if err != nil {
				s.Fatal(err)
			}
			if len(b.Changes) != record.Count {
				s.Fatalf("%d changes in a message of %d", len(b.Changes), record.Count)
			}
			for _, c := range b.Changes {
				s.inPlace(c, partition)
			}
			all = append(all, b.Changes...)
		}
		r.Close()
	}
	return all
}

// inPlace checks that a change is in the partition of its key.
func (s *shop) inPlace(c change.Change, partition int) {
	s.Helper()
	if c.Op == change.Truncate {
		return
	}
	if want := change.Partition(c.Relation.Name, key(c), partitions); want != partition {
		s.Fatalf("a change of %s %q is in partition %d, and belongs to %d", c.Relation.Name, key(c), partition, want)
	}
}

func key(c change.Change) (values [][]byte) {
	for i, column := range c.Relation.Columns {
		if column.Key {
			values = append(values, c.Row[i])
		}
	}
	return values
}

// replay is what the log makes of each table: of each row the last version. Rows are
// texts by key.
func (s *shop) replay() map[string]map[string]string {
	s.Helper()
	rows, truncated := map[string]map[string]change.Change{}, map[string]change.Version{}
	for _, c := range s.changes() {
		table := c.Relation.Schema + "." + c.Relation.Name
		if rows[table] == nil {
			rows[table] = map[string]change.Change{}
		}
		if c.Op == change.Truncate {
			if before(truncated[table], c.Version) {
				truncated[table] = c.Version
			}
			continue
		}
		k := string(bytes.Join(key(c), []byte{0}))
		if old, ok := rows[table][k]; !ok || !before(c.Version, old.Version) {
			rows[table][k] = c
		}
	}
	out := map[string]map[string]string{}
	for table, all := range rows {
		out[table] = map[string]string{}
		for k, c := range all {
			if c.Op != change.Delete && before(truncated[table], c.Version) {
				out[table][k] = text(c)
			}
		}
	}
	return out
}

func before(a, b change.Version) bool { return a.Int().Cmp(b.Int()) < 0 }

// text is a row by its columns' names.
func text(c change.Change) string {
	var parts []string
	for i, column := range c.Relation.Columns {
		if c.Row[i] == nil {
			continue
		}
		parts = append(parts, column.Name+"="+strconv.Quote(string(c.Row[i])))
	}
	slices.Sort(parts)
	return strings.Join(parts, " ")
}

// source is what the database has, in the same form.
func (s *shop) source(table string, keys ...string) map[string]string {
	s.Helper()
	s.exec("SET timezone = 'UTC'; SET bytea_output = 'hex'; SET datestyle = 'ISO, MDY'; SET intervalstyle = 'postgres'")
	results, err := s.db.PgConn().Exec(s.soon(), "SELECT * FROM "+table).ReadAll()
	if err != nil {
		s.Fatal(err)
	}
	rows := map[string]string{}
	for _, row := range results[0].Rows {
		var k [][]byte
		var parts []string
		for i, field := range results[0].FieldDescriptions {
			if slices.Contains(keys, field.Name) {
				k = append(k, row[i])
			}
			if row[i] != nil {
				parts = append(parts, field.Name+"="+strconv.Quote(string(row[i])))
			}
		}
		slices.Sort(parts)
		rows[string(bytes.Join(k, []byte{0}))] = strings.Join(parts, " ")
	}
	return rows
}

// compare holds a table against what the log makes of it.
func (s *shop) compare(replayed map[string]map[string]string, table string, keys ...string) {
	s.Helper()
	want, got := s.source(table, keys...), replayed[table]
	wrong := 0
	report := func(format string, args ...any) {
		if wrong++; wrong <= 5 {
			s.Errorf(format, args...)
		}
	}
	for k, row := range want {
		if got[k] != row {
			report("%s %q:\ngot  %.300s\nwant %.300s", table, k, got[k], row)
		}
	}
	for k, row := range got {
		if _, ok := want[k]; !ok {
			report("%s %q is there and should not be: %.300s", table, k, row)
		}
	}
	if wrong > 5 {
		s.Errorf("%s: %d rows are wrong of %d", table, wrong, len(want))
	}
}

// stateFiles are the checkpoints, for tests that remove them.
func (s *shop) stateFiles() string { return filepath.Join(s.state, "checkpoints") }
