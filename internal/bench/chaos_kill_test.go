package bench

import (
	"context"
	"math/rand/v2"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/chaos"
	"github.com/tiendi/tiendi/internal/local"
)

// TestChaosKill kills the run, the supervisor and the engine at random moments
// of a run over the marketplace whose data have grown. Every table is then the
// old or the new version, the next run makes good, and nothing is left over.
func TestChaosKill(t *testing.T) {
	s := openShop(t, nil)
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 0))
	s.grow(t)
	whole := s.run(t, "run").wall
	for round := range chaos.Rounds(t, 1) {
		for _, victim := range []string{"run", "supervisor", "engine"} {
			moment := time.Duration(random.Int64N(int64(whole)))
			t.Logf("round %d: %s dies after %s of %s", round+1, victim, moment, whole)
			if s.killed(t, victim, moment, round%4 == 3); t.Failed() {
				return
			}
		}
	}
	before := s.tables(t)
	s.run(t, "run", "--full-refresh")
	if text := different(before, s.tables(t)); text != "" {
		t.Errorf("after all kills the tables are not those of a full refresh:\n%s", text)
	}
	s.down(t)
	eventually(t, "every process to end", func() bool { return len(s.processes(t)) == 0 })
}

// killed is one round: the data grow, a run begins, the victim dies.
func (s *shop) killed(t *testing.T, victim string, moment time.Duration, full bool) {
	t.Helper()
	s.grow(t)
	before := s.tables(t)
	args := []string{"run"}
	if full {
		args = append(args, "--full-refresh")
	}
	s.sacrifice(t, victim, moment, args)
	found := s.tables(t)
	s.run(t, "run")
	after := s.tables(t)
	for name, is := range found {
		if is != before[name] && is != after[name] {
			t.Errorf("%s is neither the old nor the new version: found %s, old %s, new %s", name, is, before[name], after[name])
		}
	}
	for name := range before {
		if _, ok := found[name]; !ok {
			t.Errorf("%s is gone", name)
		}
	}
	s.nothingLeft(t)
}

// sacrifice begins a run and kills the victim.
func (s *shop) sacrifice(t *testing.T, victim string, moment time.Duration, args []string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	status, err := local.ReadStatus(ctx, s.localOptions())
	if err != nil || len(status.Services) == 0 {
		t.Fatalf("no services to kill: %v %+v", err, status)
	}
	cmd := s.command(ctx, args...)
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	pid := map[string]int{"run": cmd.Process.Pid, "supervisor": status.PID, "engine": status.Services[0].PID}[victim]
	time.Sleep(moment)
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil && victim != "run" {
		t.Fatalf("kill the %s: %v", victim, err)
	}
	if err := cmd.Wait(); ctx.Err() != nil {
		t.Fatalf("the run did not end after the %s was killed: %v\n%s", victim, err, out.String())
	} else if err != nil && strings.Contains(out.String(), "panic:") {
		t.Fatalf("the run panicked after the %s was killed: %v\n%s", victim, err, out.String())
	}
}

// nothingLeft looks for tables, files and processes that only a run needs.
func (s *shop) nothingLeft(t *testing.T) {
	t.Helper()
	if names := s.temporary(t); len(names) > 0 {
		t.Errorf("tables are left over: %v", names)
	}
	for _, pattern := range []string{"target/run-*.lock", "target/.*", "target/compiled/*/*/*/.*"} {
		if files, _ := filepath.Glob(filepath.Join(s.project, pattern)); len(files) > 0 {
			t.Errorf("files are left over: %v", files)
		}
	}
	for _, pattern := range []string{".supervisor-*", "cache/.*"} {
		if files, _ := filepath.Glob(filepath.Join(s.state, pattern)); len(files) > 0 {
			t.Errorf("files are left over: %v", files)
		}
	}
	eventually(t, "no process but supervisor and engine", func() bool { return len(s.processes(t)) <= 2 })
}

// processes lists those that work in the shop's state folder.
func (s *shop) processes(t *testing.T) []string {
	t.Helper()
	out, err := exec.Command("ps", "-A", "-o", "pid=,args=").Output()
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for line := range strings.Lines(string(out)) {
		if strings.Contains(line, s.state) {
			found = append(found, strings.TrimSpace(line))
		}
	}
	return found
}

func eventually(t *testing.T, what string, f func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !f(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited 30 s for %s", what)
		}
	}
}
