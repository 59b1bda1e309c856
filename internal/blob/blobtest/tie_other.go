//go:build !linux

package blobtest

import "os/exec"

func tie(*exec.Cmd) {}
