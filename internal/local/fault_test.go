package local_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/chaos"
	"github.com/tiendi/tiendi/internal/local"
)

// TestKill kills command, supervisor or engine at a random moment under inserts,
// again and again: what was stored stays, the next command works, nothing is left
// over. TIENDI_CHAOS sets the number of rounds.
func TestKill(t *testing.T) {
	rounds := chaos.Rounds(t, 6)
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	o := options(t)
	runAlone(t, o, "CREATE TABLE n (n UInt64) ENGINE = MergeTree ORDER BY n")
	stored := map[string]bool{}
	next := 0
	for round := range rounds {
		victim := []string{"command", "supervisor", "engine"}[round%3]
		next = killRound(t, o, victim, time.Duration(random.IntN(150))*time.Millisecond, next, stored)
		checkStored(t, o, victim, stored)
	}
	noOrphans(t, o)
}

// runAlone runs a statement by a lease of its own.
func runAlone(t *testing.T, o local.Options, sql string) {
	t.Helper()
	l := acquire(t, o)
	defer l.Release()
	run(t, open(t, l), sql)
}

// killRound inserts by a command until the victim has been dead for a while, and
// notes what the command saw stored.
func killRound(t *testing.T, o local.Options, victim string, after time.Duration, next int, stored map[string]bool) int {
	t.Helper()
	p := startCommand(t, o)
	p.ready(t)
	st := status(t, o)
	pid := map[string]int{"command": p.Process.Pid, "supervisor": st.PID, "engine": st.Services[0].PID}[victim]
	time.AfterFunc(after, func() { _ = syscall.Kill(pid, syscall.SIGKILL) })
	for {
		next++
		p.in(fmt.Sprintf("INSERT INTO n VALUES (%d)", next))
		if !p.out.Scan() {
			_ = p.Wait()
			return next
		}
		stored[strconv.Itoa(next)] = true
	}
}

// checkStored wants everything that was acknowledged, once.
func checkStored(t *testing.T, o local.Options, victim string, stored map[string]bool) {
	t.Helper()
	l := acquire(t, o)
	defer l.Release()
	c := open(t, l)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	rows, err := c.Query(ctx, "SELECT toString(n), count() FROM n GROUP BY n")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	found := map[string]bool{}
	for rows.Next() {
		var n string
		var count uint64
		if err := rows.Scan(&n, &count); err != nil {
			t.Fatal(err)
		}
		if found[n] = true; count != 1 {
			t.Errorf("after killing the %s: %s is stored %d times", victim, n, count)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	for n := range stored {
		if !found[n] {
			t.Errorf("after killing the %s: %s is lost", victim, n)
		}
	}
}

// noOrphans takes the services down and looks for what is left of them.
func noOrphans(t *testing.T, o local.Options) {
	t.Helper()
	if err := local.Down(t.Context(), o, true); err != nil {
		t.Fatal(err)
	}
	eventually(t, "every process to end", func() bool {
		out, err := exec.Command("ps", "-A", "-o", "args=").Output()
		if err != nil {
			t.Fatal(err)
		}
		return !strings.Contains(string(out), o.StateDir)
	})
	for _, name := range []string{"supervisor.json", "supervisor.sock"} {
		if _, err := os.Lstat(filepath.Join(o.StateDir, name)); !os.IsNotExist(err) {
			t.Errorf("%s is left over", name)
		}
	}
}
