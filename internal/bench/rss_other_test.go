//go:build !linux

package bench

import (
	"os"
	"syscall"
)

// watchPeak follows the largest resident set of a process that was started; ended gives
// it in bytes once the process has been waited for.
func watchPeak(int) (ended func(*os.ProcessState) int64) {
	return func(s *os.ProcessState) int64 {
		if use, ok := s.SysUsage().(*syscall.Rusage); ok {
			return use.Maxrss // bytes, as Darwin counts it
		}
		return 0
	}
}
