package bench

import (
	"errors"

	"golang.org/x/sys/unix"
)

// diskFaults are those that a process's own limit makes.
var diskFaults = []string{"collector's disk full", "engine's disk full"}

// fillDisk has each write of a process fail that would make a file longer than a few
// bytes, as on a full disk; free takes that back.
func fillDisk(pid int) (free func() error, err error) {
	var before unix.Rlimit
	if err := unix.Prlimit(pid, unix.RLIMIT_FSIZE, nil, &before); err != nil {
		return nil, err
	}
	full := unix.Rlimit{Cur: 16, Max: before.Max}
	return func() error {
		err := unix.Prlimit(pid, unix.RLIMIT_FSIZE, &before, nil)
		if errors.Is(err, unix.ESRCH) {
			return nil // what runs now has no such limit
		}
		return err
	}, unix.Prlimit(pid, unix.RLIMIT_FSIZE, &full, nil)
}
