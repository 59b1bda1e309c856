package warehousetest

import (
	"context"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/local"
	"github.com/tiendi/tiendi/internal/warehouse"
	"github.com/tiendi/tiendi/internal/warehouse/embedded"
)

// Mortal is an engine of a test's own, which can be killed and started again on its data.
type Mortal struct {
	t       testing.TB
	options embedded.Options
	engine  *embedded.Engine
}

// NewMortal starts one, which stops with the test.
func NewMortal(t testing.TB) *Mortal {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute) // it may have to be fetched
	defer cancel()
	cache, err := embedded.DefaultCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	library, err := embedded.Find(ctx, os.Getenv, cache)
	if err != nil {
		t.Fatal(err)
	}
	command, err := embedded.SelfCommand(local.EngineCommand)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	log, err := embedded.OpenLog(filepath.Join(dir, "engine.log"))
	if err != nil {
		t.Fatal(err)
	}
	m := &Mortal{t: t, options: embedded.Options{Dir: filepath.Join(dir, "engine"), Library: library, Command: command, Log: log, Memory: 4e9}}
	t.Cleanup(func() {
		m.engine.Stop(context.WithoutCancel(t.Context()))
		_ = log.Close()
	})
	m.Start()
	return m
}

// Start starts it again, after its death.
func (m *Mortal) Start() {
	m.t.Helper()
	var err error
	if m.engine, err = embedded.Start(m.t.Context(), m.options); err != nil {
		m.t.Fatal(err)
	}
}

// Config is the address of the engine that runs now.
func (m *Mortal) Config() warehouse.Config { return m.engine.Config() }

// Open gives a client that ends with the test; its default database is the engine's for "".
func (m *Mortal) Open(database string) *warehouse.Client {
	m.t.Helper()
	cfg := m.Config()
	cfg.Database = database
	c, err := warehouse.Open(m.t.Context(), cfg)
	if err != nil {
		m.t.Fatal(err)
	}
	m.t.Cleanup(func() { _ = c.Close() })
	return c
}

// Kill sends SIGKILL to the engine that runs now, and does not wait.
func (m *Mortal) Kill() { _ = syscall.Kill(m.engine.PID(), syscall.SIGKILL) }

// Done is closed when the engine that runs now has ended.
func (m *Mortal) Done() <-chan struct{} { return m.engine.Done() }
