package local_test

import (
	"context"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/local"
)

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
	if alive(engine) || status(t, o).Running {
		t.Error("the engine still runs after down")
	}
	eventually(t, "the supervisor to end", func() bool { return !alive(st.PID) })
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
	run(t, c, "CREATE TABLE t (n UInt64) ENGINE = MergeTree ORDER BY tuple()", "INSERT INTO t SELECT number FROM numbers(10)")
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
