package bench

import (
	"os"
	"time"
)

// watchPeak follows the largest resident set of a process that was started; ended gives
// it in bytes once the process has been waited for. What wait4 says would not do: Linux
// counts the memory that a child shares with its parent until it executes another program
// (exec_mmap in fs/exec.c), so that no child seems smaller than this benchmark.
func watchPeak(pid int) (ended func(*os.ProcessState) int64) {
	const pause = 5 * time.Millisecond
	done, peak := make(chan struct{}), make(chan int64)
	go func() {
		most := int64(0)
		for {
			if now, err := memoryOf(pid, "VmHWM"); err == nil {
				most = now
			}
			select {
			case <-time.After(pause):
			case <-done:
				peak <- most
				return
			}
		}
	}()
	return func(*os.ProcessState) int64 {
		close(done)
		return <-peak
	}
}
