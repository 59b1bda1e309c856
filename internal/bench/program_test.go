package bench

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// patience bounds every command; none should come near.
const patience = 15 * time.Minute

// program is tiendi with the folders that it works in.
type program struct {
	project string // also where target and profiles.yaml are
	state   string
}

// outcome is what one process did.
type outcome struct {
	wall   time.Duration // from its start to its exit
	cpu    time.Duration // user and system time of it alone
	peak   int64         // largest resident set in bytes
	stdout string
	stderr string
	err    error
}

func newProgram(t testing.TB) program {
	t.Helper()
	p := program{project: filepath.Join(t.TempDir(), "project"), state: filepath.Join(t.TempDir(), "state")}
	if err := os.MkdirAll(p.project, 0o755); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p program) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, built, append(args, "--state-dir", p.state)...)
	cmd.Dir = p.project
	return cmd
}

// try runs tiendi and waits for it.
func (p program) try(ctx context.Context, args ...string) outcome {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return measure(p.command(ctx, args...))
}

func measure(cmd *exec.Cmd) outcome {
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	start := time.Now()
	if err := cmd.Start(); err != nil {
		return outcome{err: err}
	}
	ended := watchPeak(cmd.Process.Pid)
	err := cmd.Wait()
	return outcome{
		wall: time.Since(start), cpu: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(),
		peak: ended(cmd.ProcessState), stdout: stdout.String(), stderr: stderr.String(), err: err,
	}
}

// run is try for what must succeed.
func (p program) run(t testing.TB, args ...string) outcome {
	t.Helper()
	o := p.try(t.Context(), args...)
	if o.err != nil {
		t.Fatalf("tiendi %v: %v\n%s%s", args, o.err, o.stdout, o.stderr)
	}
	return o
}

func (p program) write(t testing.TB, name, text string) {
	t.Helper()
	path := filepath.Join(p.project, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func (p program) target(name string) string { return filepath.Join(p.project, "target", name) }
