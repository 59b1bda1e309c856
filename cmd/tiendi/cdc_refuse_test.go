package main

import (
	"context"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/tiendi/tiendi/internal/postgres/postgrestest"
)

// source is a shop's database, and tiendi over it.
type source struct {
	*shop
	db  *pgx.Conn
	env []string
}

func newSource(t *testing.T, url, slot string) *source {
	t.Helper()
	db, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close(context.Background()) })
	s := &source{shop: newShop(t), db: db, env: []string{"TIENDI_CDC_URL=" + url, "TIENDI_CDC_SLOT=" + slot, "TIENDI_CDC_TABLES=t"}}
	s.sql(t, "CREATE TABLE t (id int PRIMARY KEY, v text)", "INSERT INTO t VALUES (1, 'a')")
	return s
}

func (s *source) sql(t *testing.T, statements ...string) {
	t.Helper()
	for _, sql := range statements {
		if _, err := s.db.Exec(t.Context(), sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
}

// cdc runs tiendi cdc to its end, and wants its exit code and what it says.
func (s *source) cdc(t *testing.T, code int, says string, env ...string) {
	t.Helper()
	cmd := s.command("cdc", "--once")
	cmd.Env = append(append(cmd.Environ(), s.env...), env...)
	out, _ := cmd.CombinedOutput() // the exit code says it
	if got := cmd.ProcessState.ExitCode(); got != code || !strings.Contains(string(out), says) || strings.Contains(string(out), "hunter2") {
		t.Errorf("exit code %d, want %d and %q:\n%s", got, code, says, out)
	}
}

// TestCDCRefused has what an operator gets wrong with PostgreSQL, and what to do in each
// message.
func TestCDCRefused(t *testing.T) {
	t.Parallel()
	t.Run("wal_level", func(t *testing.T) {
		t.Parallel()
		server := postgrestest.New(t, "wal_level=replica", "max_wal_senders=0")
		s := newSource(t, server.URL(server.Addr()), "refused")
		s.cdc(t, exitUsage, "wal_level of the source database is replica, and its log must be logical to be read\n  ALTER SYSTEM SET wal_level = logical, and restart")
	})
	t.Run("rights", func(t *testing.T) {
		t.Parallel()
		server := postgrestest.New(t)
		url := server.URL(server.Addr())
		s := newSource(t, url, "refused")
		s.sql(t, "CREATE ROLE reader LOGIN PASSWORD 'reader'", "GRANT CREATE ON DATABASE postgres TO reader")
		reader := "TIENDI_CDC_URL=" + strings.Replace(url, "tiendi:hunter2", "reader:reader", 1)
		s.cdc(t, exitUsage, "the tables' owner has to make the publication", reader)
		s.sql(t, "CREATE PUBLICATION tiendi FOR TABLE t")
		s.cdc(t, exitUsage, `GRANT SELECT ON "public"."t"`, reader)
		s.sql(t, "GRANT SELECT ON t TO reader")
		s.cdc(t, exitUsage, "the user needs the right to replicate: ALTER ROLE name REPLICATION", reader)
		s.sql(t, "ALTER ROLE reader REPLICATION")
		s.cdc(t, exitOK, "snapshot rows 1, changes 0", reader)
	})
	t.Run("slot", func(t *testing.T) {
		t.Parallel()
		s := newSource(t, postgrestest.Database(t), "cdc_refused")
		s.sql(t, "SELECT pg_create_logical_replication_slot('cdc_refused', 'test_decoding')")
		s.cdc(t, exitUsage, "another program's: it is one of test_decoding, and pgoutput is needed\n  choose another name, cdc.slot")
		s.sql(t, "SELECT pg_drop_replication_slot('cdc_refused')", "SELECT pg_create_logical_replication_slot('cdc_refused', 'pgoutput')")
		s.cdc(t, exitUsage, "take the slot over by tiendi cdc --snapshot")
		s.sql(t, "SELECT pg_drop_replication_slot('cdc_refused')")
		s.cdc(t, exitOK, "snapshot rows 1, changes 0")
		eventually(t, "PostgreSQL to let go of the slot", func() bool {
			_, err := s.db.Exec(t.Context(), "SELECT pg_drop_replication_slot('cdc_refused')")
			return err == nil
		})
		s.cdc(t, exitUsage, "changes are lost: the slot cdc_refused was removed")
	})
}
