package local

import (
	"os/exec"
	"syscall"
)

// tie has the kernel end the command with the thread that starts it.
func tie(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
