// Package warehousetest holds the conformance suite that every warehouse must
// pass, and gives other packages' tests a database on a real engine.
package warehousetest

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tiendi/tiendi/internal/local/localtest"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// Open gives a client whose default database is new and goes with the test, on
// the engine that all tests share. The package needs localtest.Main in TestMain.
func Open(t testing.TB) *warehouse.Client {
	t.Helper()
	return OpenOn(t, localtest.Acquire(t).Warehouse())
}

// OpenOn is Open on a given server.
func OpenOn(t testing.TB, cfg warehouse.Config) *warehouse.Client {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	admin, err := warehouse.Open(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	cfg.Database = "test_" + uuid.NewString()[:8]
	name := warehouse.Ident(cfg.Database)
	if _, err := admin.Exec(ctx, "CREATE DATABASE "+name+" ENGINE = Atomic"); err != nil {
		t.Fatal(err)
	}
	c, err := warehouse.Open(ctx, cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { drop(t, admin, c, name) })
	return c
}

func drop(t testing.TB, admin, c *warehouse.Client, name string) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	_ = c.Close()
	if _, err := admin.Exec(ctx, "DROP DATABASE IF EXISTS "+name+" SYNC"); err != nil {
		t.Errorf("drop test database: %v", err)
	}
	_ = admin.Close()
}
