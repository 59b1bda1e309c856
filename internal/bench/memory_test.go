package bench

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// memoryOf reads a line of /proc/PID/status in bytes: VmRSS is the resident set now, VmHWM
// the largest so far. It is an error where there is none: on other systems, and of a
// process that has ended.
func memoryOf(pid int, line string) (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(text), line+":")
	var kilobytes int64
	if _, err := fmt.Sscan(rest, &kilobytes); err != nil {
		return 0, fmt.Errorf("%s of process %d: %w", line, pid, err)
	}
	return kilobytes * 1024, nil
}

// memory is memoryOf a process that is there, in MB.
func memory(b *testing.B, pid int, line string) float64 {
	b.Helper()
	n, err := memoryOf(pid, line)
	if err != nil {
		b.Fatal(err)
	}
	return float64(n) / 1e6
}
