package local

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"github.com/tiendi/tiendi/internal/warehouse/embedded"
)

// launchSpec is the supervisor's one argument.
type launchSpec struct {
	StateDir string
	Library  embedded.Library
	Memory   uint64
	Idle     time.Duration
	Version  string
	Engine   string // fingerprint
}

// startSupervisor starts one and waits until it answers. Commands that start at
// the same time take turns, and find the first one's.
func startSupervisor(ctx context.Context, o Options, lib embedded.Library) error {
	ctx, cancel := context.WithTimeoutCause(ctx, startTimeout, errors.New("timed out"))
	defer cancel()
	lock, err := embedded.LockFile(ctx, o.startFile())
	if err != nil {
		return fmt.Errorf("start local services: %w", err)
	}
	defer lock.Unlock()
	if answers(ctx, o) {
		return nil
	}
	o.Progress("starting the embedded engine")
	spawned, exited, err := spawn(o, lib)
	if err != nil {
		return fmt.Errorf("start local services: %w", err)
	}
	defer endSpare(o, spawned)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if answers(ctx, o) {
				return nil
			}
		case err := <-exited:
			if answers(ctx, o) {
				return nil
			}
			return fmt.Errorf("the local services ended while starting (%v); see %s%s", err, o.logFile(), logEnd(o.logFile()))
		case <-ctx.Done():
			return fmt.Errorf("start local services: %w; see %s", context.Cause(ctx), o.logFile())
		}
	}
}

// endSpare ends a supervisor that still waits for the lock while another one, which
// could not be found for a moment, answers. It would take over when that one ends.
func endSpare(o Options, spawned *os.Process) {
	if a, err := readAddress(o.addressFile()); err == nil && a.PID != spawned.Pid {
		_ = spawned.Kill()
	}
}

// answers reports whether a supervisor takes connections.
func answers(ctx context.Context, o Options) bool {
	c, err := dial(ctx, o, request{Op: opStatus})
	if err != nil {
		return !errors.Is(err, errNobody)
	}
	defer c.close()
	_, err = c.result(func(string) {})
	return err == nil
}

// spawn starts the supervisor in a session of its own, so that neither Ctrl-C nor
// a closed terminal reaches it.
func spawn(o Options, lib embedded.Library) (*os.Process, <-chan error, error) {
	memory, err := ParseBytes(o.MemoryLimit)
	if err != nil {
		return nil, nil, err
	}
	spec, err := json.Marshal(launchSpec{
		StateDir: o.StateDir, Library: lib, Memory: memory, Idle: o.Idle,
		Version: o.Version, Engine: fingerprint(o),
	})
	if err != nil {
		return nil, nil, err
	}
	log, err := os.OpenFile(o.logFile(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = log.Close() }()
	args := append(o.Command[1:len(o.Command):len(o.Command)], string(spec))
	cmd := exec.Command(o.Command[0], args...)
	cmd.Args[0] = "tiendi"
	cmd.Dir = o.StateDir
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return nil, nil, err
	}
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	return cmd.Process, done, nil
}

// logEnd is the last of a log for an error message.
func logEnd(path string) string {
	b, err := os.ReadFile(path)
	if err != nil || len(b) == 0 {
		return ""
	}
	end := strings.ToValidUTF8(string(b[max(0, len(b)-2000):]), "?")
	return ":\n" + strings.TrimSpace(end)
}
