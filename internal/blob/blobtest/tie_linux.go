package blobtest

import (
	"os/exec"
	"syscall"
)

// tie makes a server end with the test, however that ends.
func tie(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
