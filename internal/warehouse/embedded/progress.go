package embedded

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"time"
)

// Sizes of the package, for progress only.
const (
	packedMB   = 178
	unpackedMB = 566
)

// watchSize tells how far an install is by what it has written so far.
func watchSize(dir string, progress func(string), done <-chan struct{}) {
	tick := time.NewTicker(500 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-done:
			return
		case <-tick.C:
			progress(installProgress(sizeMB(filepath.Join(dir, "cache")), sizeMB(filepath.Join(dir, "node_modules"))))
		}
	}
}

func installProgress(cacheMB, modulesMB int64) string {
	if modulesMB > 0 && cacheMB >= packedMB {
		return fmt.Sprintf("unpacking the engine %s: %d of %d MB", Version, min(modulesMB, unpackedMB), unpackedMB)
	}
	return fmt.Sprintf("downloading the engine %s: %d of %d MB", Version, min(cacheMB, packedMB), packedMB)
}

// sizeMB adds up files, in megabytes; what vanishes meanwhile counts nothing.
func sizeMB(dir string) int64 {
	var sum int64
	_ = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil
		}
		if info, err := d.Info(); err == nil {
			sum += info.Size()
		}
		return nil
	})
	return sum / 1_000_000
}
