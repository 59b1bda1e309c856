package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"syscall"
	"testing"
	"time"
)

// runMeasured runs a command and gives the peak of its resident memory in
// bytes. Linux counts that of the process that starts another as the other's
// until it has its own program, so the usage at the end says nothing there, and
// the peak is read while the command runs.
func runMeasured(t *testing.T, cmd *exec.Cmd) (peak int64) {
	t.Helper()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for {
		select {
		case err := <-ended:
			var exit *exec.ExitError
			if err != nil && !errors.As(err, &exit) {
				t.Fatal(err)
			}
			if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok && runtime.GOOS == "darwin" {
				peak = usage.Maxrss
			}
			return peak
		case <-time.After(5 * time.Millisecond):
			peak = max(peak, residentPeak(cmd.Process.Pid))
		}
	}
}

var highWater = regexp.MustCompile(`(?m)^Name:\s+tiendi$[\s\S]*^VmHWM:\s+(\d+) kB$`)

// residentPeak is what Linux says of a process that runs tiendi by now; 0 of all else.
func residentPeak(pid int) int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	match := highWater.FindSubmatch(text)
	if match == nil {
		return 0
	}
	var kilobytes int64
	if _, err := fmt.Sscan(string(match[1]), &kilobytes); err != nil {
		return 0
	}
	return kilobytes << 10
}
