package postgres_test

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tiendi/tiendi/internal/postgres"
	"github.com/tiendi/tiendi/internal/postgres/postgrestest"
)

func TestMain(m *testing.M) { postgrestest.Main(m) }

func open(t *testing.T, at string) *postgres.DB {
	t.Helper()
	db, err := postgres.Open(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	return db
}

func exec(t *testing.T, db *postgres.DB, sql string) error {
	t.Helper()
	return db.Tx(t.Context(), func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), sql)
		return err
	})
}

// with is the URL after a change.
func with(t *testing.T, at string, change func(*url.URL)) string {
	t.Helper()
	u, err := url.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	change(u)
	return u.String()
}

// TestOpenErrors wants the place, what to do, and never the password.
func TestOpenErrors(t *testing.T) {
	good := postgrestest.Database(t)
	for name, c := range map[string]struct {
		url   string
		wants string
		away  bool
	}{
		"refused":     {with(t, good, func(u *url.URL) { u.Host = "127.0.0.1:1" }), "connect: connection refused; check that the server runs", true},
		"no such":     {with(t, good, func(u *url.URL) { u.Host = "nowhere.invalid:5432" }), "nowhere.invalid:5432", true},
		"password":    {with(t, good, func(u *url.URL) { u.User = url.UserPassword("tiendi", "hunter22") }), "mend user and password", false},
		"database":    {with(t, good, func(u *url.URL) { u.Path = "/none" }), "create it with createdb", false},
		"not a port":  {"postgres://u:hunter2@h:port/db", "PostgreSQL's URL cannot be read", false},
		"unquoted":    {"postgres://u:hunter2/x#y@h/db", "PostgreSQL's URL cannot be read", false},
		"not encoded": {"postgres://u:hunter2%zz@h/db", "with @ / : # ? % in the password", false},
	} {
		_, err := postgres.Open(t.Context(), c.url)
		if err == nil || !strings.Contains(err.Error(), c.wants) || errors.Is(err, postgres.ErrUnavailable) != c.away ||
			strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", name, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := postgres.Open(ctx, good); !errors.Is(err, context.Canceled) || errors.Is(err, postgres.ErrUnavailable) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestMigrate(t *testing.T) {
	at := postgrestest.Database(t)
	db := open(t, at)
	var together sync.WaitGroup
	for range 6 {
		together.Go(func() {
			if err := db.Migrate(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	together.Wait()

	// Who may only use the tables is no hindrance once they are there.
	role := "plain_" + at[strings.LastIndex(at, "/")+1:]
	for _, sql := range []string{
		"CREATE ROLE " + role + " LOGIN PASSWORD 'p'", "GRANT USAGE ON SCHEMA tiendi TO " + role,
		"GRANT SELECT ON ALL TABLES IN SCHEMA tiendi TO " + role,
	} {
		if err := exec(t, db, sql); err != nil {
			t.Fatal(err)
		}
	}
	plain := open(t, with(t, at, func(u *url.URL) { u.User = url.UserPassword(role, "p") }))
	if err := plain.Migrate(t.Context()); err != nil {
		t.Errorf("with nothing to do: %v", err)
	}
	if err := exec(t, db, "DELETE FROM tiendi.schema_migrations WHERE version > 1"); err != nil {
		t.Fatal(err)
	}
	if err := plain.Migrate(t.Context()); err == nil || !strings.Contains(err.Error(), "the user needs CREATE") {
		t.Errorf("without the right: %v", err)
	}
	if err := exec(t, db, "INSERT INTO tiendi.schema_migrations VALUES (99, 'of tomorrow')"); err != nil {
		t.Fatal(err)
	}
	if err := db.Migrate(t.Context()); !errors.Is(err, postgres.ErrNewer) {
		t.Errorf("of a newer release: %v", err)
	}
}

func TestTx(t *testing.T) {
	db := open(t, postgrestest.Database(t))
	if v, err := db.Version(t.Context()); err != nil || v == "" {
		t.Errorf("version %q, %v", v, err)
	}
	if err := exec(t, db, "CREATE TABLE kept (n int)"); err != nil {
		t.Fatal(err)
	}
	own := errors.New("own")
	err := db.Tx(t.Context(), func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), "INSERT INTO kept VALUES (1)")
		return errors.Join(err, own)
	})
	if !errors.Is(err, own) || errors.Is(err, postgres.ErrUnavailable) {
		t.Errorf("f's own error: %v", err)
	}
	if err := exec(t, db, "SELECT 1/(count(*)) FROM kept"); err == nil || !strings.Contains(err.Error(), db.Host()) || errors.Is(err, postgres.ErrUnavailable) {
		t.Errorf("nothing may be kept, and a refusal is no outage: %v", err)
	}
	for _, ends := range []string{"SELECT pg_terminate_backend(pg_backend_pid())", "SET LOCAL lock_timeout = 1; SELECT pg_sleep(0)"} {
		err := exec(t, db, ends)
		if strings.Contains(ends, "terminate") != errors.Is(err, postgres.ErrUnavailable) {
			t.Errorf("%s: %v", ends, err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	err = db.Tx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, "SELECT pg_sleep(10)")
		return err
	})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("out of time: %v", err)
	}
	if err := exec(t, db, "SELECT 1"); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}
