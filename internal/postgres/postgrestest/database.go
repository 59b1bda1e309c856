// Package postgrestest gives tests a real PostgreSQL.
package postgrestest

import (
	"context"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
)

var (
	shared    = sync.OnceValues(begin)
	running   atomic.Pointer[server]
	databases atomic.Int64
)

func begin() (*server, error) {
	s, err := startServer()
	running.Store(s)
	return s, err
}

// Main is TestMain's: it runs the tests and ends the server, if one of them has
// started it.
func Main(m *testing.M) {
	code := m.Run()
	Stop()
	os.Exit(code)
}

// Stop ends the server, for packages that have a TestMain of their own.
func Stop() {
	if s := running.Load(); s != nil {
		s.stop()
	}
}

// Database makes an empty database that goes with the test, and returns its URL:
// postgres://user:password@host:port/name, of a superuser. The first call starts
// the server, which the package's tests share.
func Database(t testing.TB) string {
	t.Helper()
	s, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("test%d", databases.Add(1))
	s.exec(t, "CREATE DATABASE "+name)
	t.Cleanup(func() { s.exec(t, "DROP DATABASE "+name+" WITH (FORCE)") })
	return s.url(name)
}

func (s *server) exec(t testing.TB, sql string) {
	t.Helper()
	ctx := context.Background()
	c, err := pgx.Connect(ctx, s.url("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close(ctx) }()
	if _, err := c.Exec(ctx, sql); err != nil {
		t.Fatal(err)
	}
}
