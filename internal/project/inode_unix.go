//go:build unix

package project

import (
	"io/fs"
	"syscall"
)

// inodeOf gives a file's inode, which tells a file that was replaced by one
// of the same size and time.
func inodeOf(info fs.FileInfo) uint64 {
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		return uint64(st.Ino)
	}
	return 0
}
