package cdc_test

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pglogrepl"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/tiendi/tiendi/internal/ingest/cdc"
	"github.com/tiendi/tiendi/internal/postgres/postgrestest"
)

// wants an error that says all of these.
func (s *shop) wants(err error, texts ...string) {
	s.Helper()
	if err == nil {
		s.Errorf("there is no error, want one of %q", texts)
		return
	}
	for _, text := range texts {
		if !strings.Contains(err.Error(), text) {
			s.Errorf("error %q does not say %q", err, text)
		}
	}
}

const small = "CREATE TABLE t (id int PRIMARY KEY, v text, w int); INSERT INTO t SELECT n, n, n FROM generate_series(1, 20) n;"

func TestRefusedTables(t *testing.T) {
	t.Parallel()
	s := newShop(t, `CREATE TABLE bare (v text); CREATE VIEW seen AS SELECT 1 AS id; CREATE UNLOGGED TABLE fleeting (id int PRIMARY KEY);
		CREATE TABLE nothing (id int PRIMARY KEY); ALTER TABLE nothing REPLICA IDENTITY NOTHING;
		CREATE TABLE other (id int PRIMARY KEY, k int NOT NULL UNIQUE); ALTER TABLE other REPLICA IDENTITY USING INDEX other_k_key;`+small)
	for table, texts := range map[string][]string{
		"missing":  {"there is no table public.missing", "cdc.tables"},
		"flleting": {"did you mean fleeting?"},
		"bare":     {"public.bare has no primary key", "ADD PRIMARY KEY"},
		"seen":     {"public.seen is no table"},
		"fleeting": {"unlogged", "SET LOGGED"},
		"nothing":  {"replica identity", "REPLICA IDENTITY DEFAULT"},
		"other":    {"replica identity", "REPLICA IDENTITY DEFAULT"},
		"a\"b":     {"is no table"},
		"t.":       {"is no table"},
	} {
		s.tables = []string{table}
		s.wants(s.tryOnce(), texts...)
	}
	s.tables = []string{"t", "public.t"}
	s.wants(s.tryOnce(), "public.t is there twice")
	s.tables = []string{"t"}
	s.wants(s.tryOnce(func(o *cdc.Options) { o.Slot = "No slot" }), "cdc.slot", "small letters")
	s.wants(s.tryOnce(func(o *cdc.Options) { o.Accept = []string{"u"} }), "--accept-schema public.u")
	s.wants(s.tryOnce(func(o *cdc.Options) { o.URL = "" }), "cdc.url is missing")
	err := s.tryOnce(func(o *cdc.Options) { o.URL = "postgres://a:hunter2@[b/c" })
	s.wants(err, "cdc.url cannot be read")
	if strings.Contains(fmt.Sprint(err), "hunter2") {
		t.Errorf("the error tells the password: %v", err)
	}
}

func TestRefusedPublications(t *testing.T) {
	t.Parallel()
	s := newShop(t, small+`CREATE TABLE u (id int PRIMARY KEY, secret text, v text); CREATE TABLE p (id int PRIMARY KEY) PARTITION BY RANGE (id);
		CREATE PUBLICATION lacking FOR TABLE u; CREATE PUBLICATION partial FOR TABLE t WITH (publish = 'insert');
		CREATE PUBLICATION filtering FOR TABLE t WHERE (id > 5); CREATE PUBLICATION leaves FOR TABLE p;
		CREATE PUBLICATION keyless FOR TABLE t (v); CREATE PUBLICATION listing FOR TABLE u (id, v)`, "t")
	for name, texts := range map[string][]string{
		"lacking":   {"the publication lacking has no table public.t", `ALTER PUBLICATION "lacking" ADD TABLE ONLY "public"."t"`},
		"partial":   {"leaves out kinds of changes", "insert, update, delete, truncate"},
		"filtering": {"filters the rows of public.t"},
		"keyless":   {"leaves out id, which is part of the primary key"},
	} {
		s.wants(s.tryOnce(func(o *cdc.Options) { o.Publication = name }), texts...)
	}
	s.tables = []string{"p"}
	s.wants(s.tryOnce(func(o *cdc.Options) { o.Publication = "leaves" }), "public.p is partitioned", "publish_via_partition_root")

	// A list of columns is what keeps secrets out.
	s.tables = []string{"u"}
	s.exec("INSERT INTO u VALUES (1, 'secret', 'v')")
	listing := func(o *cdc.Options) { o.Publication = "listing" }
	s.once(listing)
	s.exec("INSERT INTO u VALUES (2, 'secret', 'v')")
	s.once(listing)
	got := s.replay()["public.u"]
	if len(got) != 2 || strings.Contains(fmt.Sprint(got), "secret") {
		t.Errorf("of columns (id, v) the log has %v", got)
	}
}

func TestRefusedServers(t *testing.T) {
	t.Parallel()
	server := postgrestest.New(t, "wal_level=replica", "max_wal_senders=0")
	s := newShopAt(t, server.URL(server.Addr()), small, "t")
	s.wants(s.tryOnce(), "wal_level of the source database is replica", "ALTER SYSTEM SET wal_level = logical")
	s.wants(s.tryOnce(func(o *cdc.Options) { o.URL = "postgres://tiendi@127.0.0.1:1/shop" }), "127.0.0.1:1", "cdc.url")
	s.wants(s.tryOnce(func(o *cdc.Options) { o.URL = strings.Replace(s.url, "hunter2", "wrong", 1) }), "password authentication failed", "mend user and password in cdc.url")
	s.wants(s.tryOnce(func(o *cdc.Options) { o.URL += "x" }), "does not exist", "createdb")
}

func TestRefusedRights(t *testing.T) {
	t.Parallel()
	server := postgrestest.New(t)
	s := newShopAt(t, server.URL(server.Addr()), small+"CREATE ROLE reader LOGIN PASSWORD 'reader'; GRANT CREATE ON DATABASE postgres TO reader", "t")
	asReader := func(o *cdc.Options) { o.URL = strings.Replace(s.url, "tiendi:hunter2", "reader:reader", 1) }
	s.wants(s.tryOnce(asReader), "must be owner of table t", "the tables' owner has to make the publication")
	s.exec("CREATE PUBLICATION tiendi FOR TABLE t")
	s.wants(s.tryOnce(asReader), "may not read the column id of public.t", `GRANT SELECT ON "public"."t"`)
	s.exec("GRANT SELECT ON t TO reader")
	s.wants(s.tryOnce(asReader), "ALTER ROLE name REPLICATION")
	s.exec("ALTER ROLE reader REPLICATION")
	s.once(asReader) // and nothing more is needed
	s.compare(s.replay(), "public.t", "id")
}

func TestRefusedSlots(t *testing.T) {
	t.Parallel()
	s := newShop(t, small, "t")
	s.exec(fmt.Sprintf("SELECT pg_create_logical_replication_slot('%s', 'test_decoding')", s.slot))
	s.wants(s.tryOnce(), "another program's", "test_decoding", "cdc.slot")
	s.dropSlots()
	s.exec(fmt.Sprintf("SELECT pg_create_logical_replication_slot('%s', 'pgoutput')", s.slot))
	s.wants(s.tryOnce(), "nothing is known", "--snapshot")
	s.once(func(o *cdc.Options) { o.Anew = true })
	s.compare(s.replay(), "public.t", "id")

	// Somebody reads on, or makes the slot anew: what they have read is not in our log.
	s.exec("UPDATE t SET v = 'unseen'")
	s.exec(fmt.Sprintf("SELECT pg_replication_slot_advance('%s', pg_current_wal_lsn())", s.slot))
	err := s.tryOnce()
	s.wants(err, "somebody has moved it", "--snapshot")
	s.dropSlots()
	err = errors.Join(err, s.tryOnce())
	s.wants(err, "was removed", "--snapshot")
	if !errors.Is(err, cdc.ErrLost) {
		t.Errorf("%v is not ErrLost", err)
	}
	s.once(func(o *cdc.Options) { o.Anew = true })
	s.compare(s.replay(), "public.t", "id")
}

func TestALostSlotIsRefused(t *testing.T) {
	t.Parallel()
	server := postgrestest.New(t, "max_slot_wal_keep_size=1MB", "min_wal_size=32MB", "max_wal_size=32MB")
	s := newShopAt(t, server.URL(server.Addr()), small+"CREATE TABLE filler (v text)", "t")
	s.once()
	status, err := cdc.ReadStatus(s.soon(), s.options())
	if err != nil || status.Lost != "" || status.LimitBytes != 1<<20 || !status.Exists || status.Active {
		t.Fatalf("status %+v, %v", status, err)
	}
	for range 4 {
		s.exec("INSERT INTO filler SELECT repeat(md5(n::text), 50) FROM generate_series(1, 10000) n")
		s.exec("SELECT pg_switch_wal()")
		s.exec("CHECKPOINT")
	}
	s.wants(s.tryOnce(), "invalidated", "max_slot_wal_keep_size", "--snapshot")
	if status, err = cdc.ReadStatus(s.soon(), s.options()); err != nil || !strings.Contains(status.Lost, "invalidated") {
		t.Errorf("status %+v, %v", status, err)
	}
	s.once(func(o *cdc.Options) { o.Anew = true })
	s.compare(s.replay(), "public.t", "id")
}

// TestASlotInUse has another reader of the slot: a run with an end gives up, one without
// waits for it.
func TestASlotInUse(t *testing.T) {
	t.Parallel()
	s := newShop(t, small, "t")
	s.once()
	s.eventually("the slot is let go", func() bool {
		status, err := cdc.ReadStatus(s.soon(), s.options())
		return err == nil && !status.Active
	})
	ctx, cancel := context.WithCancel(s.soon())
	defer cancel()
	other, err := pgconn.Connect(ctx, s.url+"?replication=database&application_name=other")
	if err != nil {
		t.Fatal(err)
	}
	err = pglogrepl.StartReplication(ctx, other, s.slot, 0, pglogrepl.StartReplicationOptions{PluginArgs: []string{"proto_version '1'", "publication_names 'tiendi'"}})
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	s.wants(s.tryOnce(), "in use", s.slot)
	t.Logf("gave up after %v", time.Since(began))
	if _, err := cdc.Drop(s.soon(), s.options()); err == nil || !strings.Contains(err.Error(), "stop that first") {
		t.Errorf("a slot in use is dropped: %v", err)
	}
	r := s.run()
	s.eventually("it says what it waits for", func() bool {
		err := r.Ready()
		return err != nil && strings.Contains(err.Error(), "in use")
	})
	s.exec("UPDATE t SET v = 'seen'")
	_ = other.Close(ctx)
	s.eventually("it reads", func() bool { return r.Ready() == nil })
	if err := r.end(); err != nil {
		t.Error(err)
	}
	s.once()
	s.compare(s.replay(), "public.t", "id")
}

// TestTwoAtOnce: the second waits for the first, and takes over from it.
func TestTwoAtOnce(t *testing.T) {
	t.Parallel()
	s := newShop(t, small, "t")
	first := s.run()
	s.eventually("the first reads", func() bool { return first.Ready() == nil })
	second := s.run()
	s.eventually("the second waits", func() bool {
		err := second.Ready()
		return err != nil && strings.Contains(err.Error(), "another tiendi cdc")
	})
	if err := first.end(); err != nil {
		t.Error(err)
	}
	s.exec("UPDATE t SET v = 'later'")
	s.eventually("the second reads", func() bool { return second.Ready() == nil })
	s.exec("DELETE FROM t WHERE id < 5")
	if err := second.end(); err != nil {
		t.Error(err)
	}
	s.once()
	s.compare(s.replay(), "public.t", "id")
}

func TestAStateOfAnotherDatabaseIsRefused(t *testing.T) {
	t.Parallel()
	s := newShop(t, small, "t")
	s.once()
	other := newShop(t, small, "t")
	elsewhere := func(o *cdc.Options) { o.URL = other.url }
	s.wants(s.tryOnce(elsewhere), "the slot "+s.slot+" is of the database", "cdc.slot")
	s.dropSlots()
	s.wants(s.tryOnce(elsewhere), "cdc.url names another database than the one that was read before", "--snapshot")
}

func TestALostStateIsRefused(t *testing.T) {
	t.Parallel()
	s := newShop(t, small, "t")
	s.once()
	if err := os.RemoveAll(s.stateFiles()); err != nil {
		t.Fatal(err)
	}
	s.wants(s.tryOnce(), "nothing is known")
	dropped, err := cdc.Drop(s.soon(), s.options())
	if err != nil || len(dropped) != 2 {
		t.Errorf("dropped %q: %v", dropped, err)
	}
	s.once()
	s.compare(s.replay(), "public.t", "id")
}

func TestAPasswordIsNeverTold(t *testing.T) {
	t.Parallel()
	s := newShop(t, small, "missing")
	u, err := url.Parse(s.url)
	if err != nil {
		t.Fatal(err)
	}
	secret, _ := u.User.Password()
	if err := s.tryOnce(); err == nil || strings.Contains(err.Error(), secret) {
		t.Errorf("%v", err)
	}
}

// TestTheSlotIsFree: when a run has ended the next one can begin.
func TestTheSlotIsFree(t *testing.T) {
	t.Parallel()
	s := newShop(t, small, "t")
	for i := range 8 {
		s.exec(fmt.Sprintf("UPDATE t SET v = 'v%d'", i))
		s.once()
		s.exec(fmt.Sprintf("SELECT pg_replication_slot_advance('%s', confirmed_flush_lsn) FROM pg_replication_slots WHERE slot_name = '%[1]s'", s.slot))
	}
	s.compare(s.replay(), "public.t", "id")
}
