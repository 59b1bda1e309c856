package main

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/tiendi/tiendi/internal/local"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// testEngine is the one engine that all tests of this package use, each in
// databases of its own.
type testEngine struct {
	options  local.Options
	stateDir string
	library  string
	lease    *local.Lease
	config   warehouse.Config
	client   *warehouse.Client
}

// engineOnce starts the engine when the first test wants it; started says that
// there is one to end.
var (
	engineOnce sync.Once
	started    *testEngine
	engineErr  error
)

func sharedEngine(t testing.TB) *testEngine {
	t.Helper()
	engineOnce.Do(func() { started, engineErr = startEngine() })
	if engineErr != nil {
		t.Fatalf("the engine that the tests share: %v", engineErr)
	}
	return started
}

func startEngine() (*testEngine, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	dir, err := os.MkdirTemp("", "tiendi-test-state-")
	if err != nil {
		return nil, err
	}
	e := &testEngine{stateDir: dir, options: local.Options{StateDir: dir}}
	if e.library, err = local.Install(ctx, func(string) {}); err != nil {
		return e, err
	}
	// The commands under test have another home, and with it another cache.
	if err := os.Setenv("TIENDI_ENGINE_LIBRARY", e.library); err != nil {
		return e, err
	}
	if e.lease, err = local.Acquire(ctx, e.options); err != nil {
		return e, err
	}
	e.config = e.lease.Warehouse()
	e.client, err = warehouse.Open(ctx, e.config)
	return e, err
}

// drop removes a test's database.
func (e *testEngine) drop(t testing.TB, database string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if _, err := e.client.Exec(ctx, "DROP DATABASE IF EXISTS "+warehouse.Ident(database)+" SYNC"); err != nil {
		t.Errorf("drop the test's database: %v", err)
	}
}

// stop ends the engine and removes its folder.
func (e *testEngine) stop() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if e.client != nil {
		_ = e.client.Close()
	}
	if e.lease != nil {
		e.lease.Release()
	}
	if err := local.Down(ctx, e.options, true); err != nil {
		return err
	}
	return os.RemoveAll(e.stateDir)
}

// engineEnds runs the tests and takes the engine down after them.
type engineEnds struct{ tests testscript.TestingM }

func (m engineEnds) Run() int {
	code := m.tests.Run()
	if started == nil {
		return code
	}
	if err := started.stop(); err != nil {
		_, _ = os.Stderr.WriteString("end the tests' engine: " + err.Error() + "\n")
		return max(code, 1)
	}
	return code
}

// repoRoot is the folder of go.mod.
func repoRoot(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the test's folder")
		}
	}
}

// sharedFile is a file or folder of the data that lie beside the repository.
func sharedFile(t testing.TB, name string) string {
	t.Helper()
	path := filepath.Join(filepath.Dir(repoRoot(t)), "shared", filepath.FromSlash(name))
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("the shared data beside the repository are missing: %v", err)
	}
	return path
}
