package local_test

import (
	"context"
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/local"
	"github.com/tiendi/tiendi/internal/warehouse"
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
	b, err := os.ReadFile("/proc/" + itoa(pid) + "/stat")
	return err != nil || !strings.Contains(string(b), ") Z ")
}

func TestLifeCycle(t *testing.T) {
	o := options(t)
	if st := status(t, o); st.Running {
		t.Fatalf("running before anyone asked: %+v", st)
	}
	l := acquire(t, o)
	run(t, open(t, l), "CREATE TABLE t (n UInt8) ENGINE = MergeTree ORDER BY n", "INSERT INTO t VALUES (1)")
	st := status(t, o)
	if !st.Running || len(st.Leases) != 1 || st.Leases[0].PID != os.Getpid() || st.Disk == 0 {
		t.Errorf("status %+v", st)
	}
	if e := st.Services[0]; !e.Running || e.PID == 0 || e.Memory == 0 || e.Version == "" || e.Address != l.Warehouse().Addrs[0] {
		t.Errorf("engine status %+v", e)
	}
	engine := st.Services[0].PID
	l.Release()
	if err := local.Down(t.Context(), o, false); err != nil {
		t.Fatal(err)
	}
	if alive(engine) || alive(st.PID) || status(t, o).Running {
		t.Error("something still runs after down")
	}
	c := open(t, acquire(t, o))
	rows, err := c.QueryJSON(t.Context(), "SELECT n FROM t", 0)
	if err != nil || len(rows) != 1 || string(rows[0]) != `{"n":1}` {
		t.Errorf("after a restart: %s %v", rows, err)
	}
}

func TestFirstCommandsTogether(t *testing.T) {
	o := options(t)
	pids := make([]int, 8)
	var g sync.WaitGroup
	for i := range pids {
		g.Go(func() {
			l, err := local.Acquire(t.Context(), o)
			if err != nil {
				t.Error(err)
				return
			}
			defer l.Release()
			st, err := local.ReadStatus(t.Context(), o)
			if err != nil {
				t.Error(err)
			}
			pids[i] = st.PID
		})
	}
	g.Wait()
	for _, pid := range pids {
		if pid == 0 || pid != pids[0] {
			t.Fatalf("supervisors %v", pids)
		}
	}
}

func TestIdleStop(t *testing.T) {
	o := options(t)
	o.Idle = 300 * time.Millisecond
	l := acquire(t, o)
	c := open(t, l)
	run(t, c, "CREATE TABLE t (n UInt64) ENGINE = MergeTree ORDER BY n", "INSERT INTO t SELECT number FROM numbers(10)")
	pid := status(t, o).PID
	rows, err := c.Query(t.Context(), "SELECT number FROM system.numbers")
	if err != nil {
		t.Fatal(err)
	}
	l.Release()
	time.Sleep(5 * o.Idle)
	if !alive(pid) {
		t.Error("stopped under a running query")
	}
	_ = rows.Close()
	run(t, c, "ALTER TABLE t UPDATE n = n WHERE sleepEachRow(0.2) = 0 SETTINGS mutations_sync = 0, allow_nondeterministic_mutations = 1")
	time.Sleep(3 * o.Idle)
	if !alive(pid) {
		t.Error("stopped under a running mutation")
	}
	eventually(t, "the idle stop", func() bool { return !alive(pid) })
	if st := status(t, o); st.Running {
		t.Errorf("status after the idle stop %+v", st)
	}
}

func TestUpAndDown(t *testing.T) {
	o := options(t)
	o.Idle = 200 * time.Millisecond
	if _, err := local.Up(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	pid := status(t, o).PID
	time.Sleep(5 * o.Idle)
	if !alive(pid) || !status(t, o).Pinned {
		t.Fatal("up did not keep the services")
	}
	l := acquire(t, o)
	soon, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	var said []string
	o.Progress = func(s string) { said = append(said, s) }
	if err := local.Down(soon, o, false); err == nil {
		t.Error("down did not wait for the lease")
	}
	if len(said) == 0 || !strings.Contains(said[0], "--force") {
		t.Errorf("progress %q", said)
	}
	if !alive(pid) {
		t.Error("a down that was given up stopped the services")
	}
	if err := local.Down(t.Context(), o, true); err != nil {
		t.Error(err)
	}
	select {
	case <-l.Lost():
	case <-time.After(10 * time.Second):
		t.Error("the lease does not know that it is lost")
	}
}

// TestReplaced has another build take over, but only from an idle supervisor.
func TestReplaced(t *testing.T) {
	o := options(t)
	l := acquire(t, o)
	first := status(t, o).PID
	newer := o
	newer.Version = "newer"
	shared := acquire(t, newer)
	if pid := status(t, o).PID; pid != first {
		t.Fatal("a supervisor in use was replaced")
	}
	l.Release()
	shared.Release()
	eventually(t, "the leases to end", func() bool { return len(status(t, o).Leases) == 0 })
	acquire(t, newer)
	if st := status(t, newer); st.PID == first || st.Version != "newer" {
		t.Errorf("the idle supervisor was not replaced: %+v", st)
	}
}

// TestStaleFiles leaves in the state folder what a crash may leave, and worse.
func TestStaleFiles(t *testing.T) {
	o := options(t)
	if err := os.MkdirAll(o.StateDir, 0o755); err != nil {
		t.Fatal(err)
	}
	foreign := filepath.Join(o.StateDir, "supervisor.sock")
	listener, err := net.Listen("unix", foreign)
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_ = conn.Close()
		}
	}()
	defer func() { _ = listener.Close() }()
	address, err := json.Marshal(map[string]any{"Protocol": 1, "PID": os.Getpid(), "Socket": foreign, "Token": "old"})
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{
		"supervisor.json": string(address), "supervisor.lock": "1", "start.lock": "1",
	} {
		if err := os.WriteFile(filepath.Join(o.StateDir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run(t, open(t, acquire(t, o)), "SELECT 1")
	info, err := os.Stat(o.StateDir)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o700 {
		t.Errorf("state folder has mode %v", info.Mode())
	}
	for _, garbage := range []string{"", "{", `{"Protocol":1,"Socket":"/nowhere"}`} {
		if err := local.Down(t.Context(), o, true); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(o.StateDir, "supervisor.json"), []byte(garbage), 0o600); err != nil {
			t.Fatal(err)
		}
		acquire(t, o).Release()
	}
}

func TestLongStateDir(t *testing.T) {
	o := local.Options{StateDir: filepath.Join(t.TempDir(), strings.Repeat("long/", 30), "state"), Version: "test"}
	run(t, open(t, acquire(t, o)), "CREATE TABLE t (n UInt8) ENGINE = MergeTree ORDER BY n", "INSERT INTO t VALUES (1)")
	if err := local.Down(t.Context(), o, true); err != nil {
		t.Error(err)
	}
}

func TestWrongToken(t *testing.T) {
	o := options(t)
	acquire(t, o)
	b, err := os.ReadFile(filepath.Join(o.StateDir, "supervisor.json"))
	if err != nil {
		t.Fatal(err)
	}
	var a struct{ Socket string }
	if err := json.Unmarshal(b, &a); err != nil {
		t.Fatal(err)
	}
	conn, err := net.Dial("unix", a.Socket)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if _, err := conn.Write([]byte(`{"Protocol":1,"Op":"lease","Token":"guess"}` + "\n")); err != nil {
		t.Fatal(err)
	}
	answer := make([]byte, 4096)
	n, err := conn.Read(answer)
	if err != nil || !strings.Contains(string(answer[:n]), "token") || strings.Contains(string(answer[:n]), "Password") {
		t.Errorf("answer %q %v", answer[:n], err)
	}
}

func TestStartErrors(t *testing.T) {
	for name, tc := range map[string]struct {
		change func(t *testing.T, o *local.Options)
		want   string
	}{
		"no folder given":   {func(_ *testing.T, o *local.Options) { o.StateDir = "" }, "no state folder"},
		"not a folder":      {func(_ *testing.T, o *local.Options) { o.StateDir = "/dev/null/x" }, "state folder"},
		"memory limit":      {func(_ *testing.T, o *local.Options) { o.MemoryLimit = "much" }, "write it like 2GB"},
		"missing library":   {func(t *testing.T, _ *local.Options) { t.Setenv("TIENDI_ENGINE_LIBRARY", "/no/libchdb.so") }, "TIENDI_ENGINE_LIBRARY"},
		"not a library":     {func(t *testing.T, _ *local.Options) { t.Setenv("TIENDI_ENGINE_LIBRARY", fakeLibrary(t)) }, "load library"},
		"no such program":   {func(_ *testing.T, o *local.Options) { o.Command = []string{"/no/such/program"} }, "no such file"},
		"program that ends": {func(_ *testing.T, o *local.Options) { o.Command = []string{"/bin/false"} }, "ended while starting"},
	} {
		t.Run(name, func(t *testing.T) {
			o := local.Options{StateDir: filepath.Join(t.TempDir(), "state"), Version: "test"}
			tc.change(t, &o)
			l, err := local.Acquire(t.Context(), o)
			if err == nil {
				l.Release()
			}
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("error %v should say %q", err, tc.want)
			}
		})
	}
}

func fakeLibrary(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "libchdb.so")
	if err := os.WriteFile(path, []byte("not an ELF file"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
