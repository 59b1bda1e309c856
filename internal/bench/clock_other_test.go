//go:build !linux || !amd64

package bench

import (
	"errors"
	"os/exec"
	"time"
)

// clockFaults need a process whose clock can be stepped without the machine's.
var clockFaults []string

func startWithClock(cmd *exec.Cmd) error { return cmd.Start() }

func stepClock(int, time.Duration) (func() error, error) { return nil, errors.ErrUnsupported }
