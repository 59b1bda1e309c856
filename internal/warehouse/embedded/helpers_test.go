package embedded_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/warehouse"
	"github.com/tiendi/tiendi/internal/warehouse/embedded"
)

func options(t *testing.T, dir string) embedded.Options {
	t.Helper()
	cache, err := embedded.DefaultCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	lib, err := embedded.Find(t.Context(), os.Getenv, cache)
	if err != nil {
		t.Fatal(err)
	}
	self, err := embedded.SelfCommand("__engine")
	if err != nil {
		t.Fatal(err)
	}
	log, err := embedded.OpenLog(filepath.Join(dir, "engine.log"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = log.Close() })
	return embedded.Options{Dir: filepath.Join(dir, "engine"), Library: lib, Command: self, Log: log}
}

func startEngine(t *testing.T, o embedded.Options) *embedded.Engine {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	e, err := embedded.Start(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Stop(context.WithoutCancel(t.Context())) })
	return e
}

func open(t *testing.T, cfg warehouse.Config) *warehouse.Client {
	t.Helper()
	c, err := warehouse.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func text(t *testing.T, c *warehouse.Client, sql string) string {
	t.Helper()
	rows, err := c.Query(t.Context(), sql)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var s string
	for rows.Next() {
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func ended(t *testing.T, e *embedded.Engine) {
	t.Helper()
	select {
	case <-e.Done():
	case <-time.After(30 * time.Second):
		t.Fatal("the engine still runs")
	}
}
