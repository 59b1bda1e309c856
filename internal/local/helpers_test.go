package local_test

import (
	"context"
	"github.com/tiendi/tiendi/internal/local"
	"github.com/tiendi/tiendi/internal/warehouse"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// options are those of a state folder of the test's own, taken down afterwards.
func options(t *testing.T) local.Options {
	t.Helper()
	o := local.Options{StateDir: filepath.Join(t.TempDir(), "state"), Version: "test", Idle: time.Minute}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := local.Down(ctx, o, true); err != nil {
			t.Errorf("down: %v", err)
		}
	})
	return o
}

func acquire(t *testing.T, o local.Options) *local.Lease {
	t.Helper()
	l, err := local.Acquire(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Release)
	return l
}

func open(t *testing.T, l *local.Lease) *warehouse.Client {
	t.Helper()
	c, err := warehouse.Open(t.Context(), l.Warehouse())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func run(t *testing.T, c *warehouse.Client, statements ...string) {
	t.Helper()
	for _, sql := range statements {
		if _, err := c.Exec(t.Context(), sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
}

func status(t *testing.T, o local.Options) local.Status {
	t.Helper()
	st, err := local.ReadStatus(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return st
}

func eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !condition(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}

// alive reports whether a process runs, zombies aside.
func alive(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return false
	}
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	return err != nil || !strings.Contains(string(b), ") Z ")
}
