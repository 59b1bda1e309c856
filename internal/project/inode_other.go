//go:build !unix

package project

import "io/fs"

// inodeOf gives 0: there is none to ask for.
func inodeOf(fs.FileInfo) uint64 { return 0 }
