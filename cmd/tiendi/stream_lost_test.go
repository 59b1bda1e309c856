package main

import (
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/broker/rabbitmq/rabbitmqtest"
	"github.com/tiendi/tiendi/internal/local"
)

// TestStreamEndsWithItsEngine: a worker on the embedded warehouse ends when the local
// services do, also where its broker is another one. Those that come after them are
// at another address, and it would try the old one for ever.
func TestStreamEndsWithItsEngine(t *testing.T) {
	t.Parallel()
	s := newStreamShop(t)
	own := s.engine
	cmd := s.command("stream", "--listen", "127.0.0.1:0")
	cmd.Env = append(cmd.Environ(), "TIENDI_BROKER_URL="+rabbitmqtest.Run(t).Config().URL)
	startServer(t, cmd)
	supervisor := awaitLease(t, own.options, cmd)
	s.engine = sharedEngine(t) // which the database is dropped on
	if err := syscall.Kill(supervisor, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case err := <-ended:
		if err == nil || !strings.Contains(err.Error(), "exit status 2") {
			t.Errorf("the worker ended with %v, want exit status 2", err)
		}
	case <-time.After(time.Minute):
		t.Error("the worker goes on without a warehouse")
		_ = cmd.Process.Kill()
	}
}

// awaitLease waits until a command uses the local services, and gives the process
// that they depend on.
func awaitLease(t *testing.T, o local.Options, cmd *exec.Cmd) (supervisor int) {
	t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		status, err := local.ReadStatus(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		if slices.ContainsFunc(status.Leases, func(l local.LeaseStatus) bool { return l.PID == cmd.Process.Pid }) {
			return status.PID
		}
	}
	t.Fatal("the worker does not use the engine")
	return 0
}
