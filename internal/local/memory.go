package local

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
)

// residentBytes reads a process's resident memory where the system shows it as a
// file; elsewhere the engine's own account is good enough.
func residentBytes(pid int) (uint64, bool) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return 0, false
	}
	fields := bytes.Fields(b)
	if len(fields) < 2 {
		return 0, false
	}
	pages, err := strconv.ParseUint(string(fields[1]), 10, 64)
	return pages * uint64(os.Getpagesize()), err == nil
}
