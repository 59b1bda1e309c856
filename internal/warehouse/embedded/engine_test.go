package embedded_test

import (
	"context"
	"errors"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/warehouse/embedded"
)

func TestSurvivesStop(t *testing.T) {
	o := options(t, t.TempDir())
	first := startEngine(t, o)
	c := open(t, first.Config())
	for _, sql := range []string{"CREATE TABLE kept (n UInt8) ENGINE = MergeTree ORDER BY n", "INSERT INTO kept VALUES (7)"} {
		if _, err := c.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	first.Stop(t.Context())
	ended(t, first)
	second := open(t, startEngine(t, o).Config())
	if got := text(t, second, "SELECT toString(n) FROM kept"); got != "7" {
		t.Errorf("kept %q", got)
	}
	got := text(t, second, "SELECT concat(currentDatabase(), ' ', engine, ' ', timezone()) FROM system.databases WHERE name = currentDatabase()")
	if got != "tiendi Atomic UTC" {
		t.Errorf("database %q", got)
	}
}

// TestLogTables fails when a release begins to keep logs that grow for ever.
func TestLogTables(t *testing.T) {
	c := open(t, startEngine(t, options(t, t.TempDir())).Config())
	if _, err := c.Exec(t.Context(), "SYSTEM FLUSH LOGS"); err != nil {
		t.Fatal(err)
	}
	if got := text(t, c, "SELECT arrayStringConcat(groupArray(name), ', ') FROM system.tables WHERE database = 'system' AND name LIKE '%\\_log'"); got != "" {
		t.Errorf("log tables: %s", got)
	}
}

// TestPathBusy starts a second engine while the first is still leaving.
func TestPathBusy(t *testing.T) {
	o := options(t, t.TempDir())
	first := startEngine(t, o)
	soon, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	if _, err := embedded.Start(soon, o); err == nil || !strings.Contains(err.Error(), "another engine holds") {
		t.Fatalf("second engine: %v", err)
	}
	time.AfterFunc(500*time.Millisecond, func() { first.Stop(context.WithoutCancel(t.Context())) })
	second := startEngine(t, o)
	if got := text(t, open(t, second.Config()), "SELECT 'second'"); got != "second" {
		t.Errorf("got %q", got)
	}
}

func TestPortsAreKept(t *testing.T) {
	o := options(t, t.TempDir())
	first := startEngine(t, o)
	cfg := first.Config()
	first.Stop(t.Context())
	o.Password, o.TCPPort, o.HTTPPort = cfg.Password, port(t, cfg.Addrs[0]), port(t, cfg.HTTPAddr)
	second := startEngine(t, o)
	if second.Config().Addrs[0] != cfg.Addrs[0] || second.Config().HTTPAddr != cfg.HTTPAddr {
		t.Errorf("ports %v %v, want %v %v", second.Config().Addrs, second.Config().HTTPAddr, cfg.Addrs, cfg.HTTPAddr)
	}
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	second.Stop(t.Context())
	o.TCPPort = port(t, taken.Addr().String())
	if third := startEngine(t, o); third.Config().Addrs[0] == taken.Addr().String() {
		t.Error("took a port in use")
	}
}

func port(t *testing.T, addr string) int {
	t.Helper()
	_, p, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(p)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestCrashIsReported(t *testing.T) {
	e := startEngine(t, options(t, t.TempDir()))
	if err := syscall.Kill(e.PID(), syscall.SIGABRT); err != nil {
		t.Fatal(err)
	}
	ended(t, e)
	if err := e.Err(); !strings.Contains(err.Error(), "abort") || !strings.Contains(err.Error(), "engine.log") {
		t.Errorf("error %v", err)
	}
}

func TestStartErrors(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(*embedded.Options)
		want   string
	}{
		"not a library": {func(o *embedded.Options) { o.Library.Path = os.Args[0] + ".none" }, "load library"},
		"no program":    {func(o *embedded.Options) { o.Command = []string{"/no/such/program"} }, "no such file"},
		"no folder":     {func(o *embedded.Options) { o.Dir = "/dev/null/engine" }, "/dev/null"},
	} {
		o := options(t, t.TempDir())
		tc.change(&o)
		if _, err := embedded.Start(t.Context(), o); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: error %v should say %q", name, err, tc.want)
		}
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := embedded.Start(gone, options(t, t.TempDir())); err == nil || errors.Is(err, os.ErrNotExist) {
		t.Errorf("cancelled start: %v", err)
	}
}

// TestEndOrphan ends an engine that keeps a connection, and leaves a folder that
// nobody holds alone.
func TestEndOrphan(t *testing.T) {
	o := options(t, t.TempDir())
	embedded.EndOrphan(o.Dir)
	first := startEngine(t, o)
	open(t, first.Config())
	embedded.EndOrphan(o.Dir)
	ended(t, first)
	embedded.EndOrphan(o.Dir)
	second := startEngine(t, o)
	if got := text(t, open(t, second.Config()), "SELECT 'second'"); got != "second" {
		t.Errorf("got %q", got)
	}
}
