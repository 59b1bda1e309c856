// Package localtest gives tests the embedded engine that tiendi itself uses: one
// for all test packages of the user, started by the first and stopped when idle.
package localtest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/local"
)

// Main is for TestMain. It lets the test binary serve as supervisor and engine,
// which are this program again under hidden commands, and runs the tests
// otherwise. It does not return.
//
//	func TestMain(m *testing.M) { localtest.Main(m) }
func Main(m *testing.M) {
	if code, handled := local.RunHidden(os.Args[1:], os.Stderr); handled {
		os.Exit(code)
	}
	os.Exit(m.Run())
}

// Options are those of the engine that all tests share.
func Options() local.Options {
	dir := filepath.Join(os.TempDir(), "tiendi-test-"+strconv.Itoa(os.Getuid()))
	return local.Options{StateDir: dir, Version: "test", Idle: time.Minute, MemoryLimit: "4GB"}
}

// Acquire gets a lease on the shared engine for as long as the test runs.
func Acquire(t testing.TB) *local.Lease {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	o := Options()
	o.Progress = func(s string) { t.Log(s) }
	l, err := local.Acquire(ctx, o)
	if err != nil {
		t.Fatal(fmt.Errorf("shared engine for tests: %w", err))
	}
	t.Cleanup(l.Release)
	return l
}
