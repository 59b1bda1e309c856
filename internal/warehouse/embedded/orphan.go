package embedded

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"syscall"

	"github.com/tiendi/tiendi/internal/lazyregexp"
)

var statusPID = lazyregexp.New(`(?m)^PID: (\d+)$`)

// EndOrphan tells an engine that still holds the folder of Options.Dir to end at
// once. One whose parent was killed ends by itself, but gives its clients 5 s.
// Only who may be sure that no living parent owns that engine may call it.
func EndOrphan(dir string) {
	pid, ok := holder(filepath.Join(dir, "data", "status"))
	if ok {
		_ = syscall.Kill(pid, syscall.SIGTERM)
	}
}

// holder returns the process that has the engine's own lock on its status file.
// The engine writes its process id there after it has the lock, so while the lock
// is held the id is that process's and nobody else's.
func holder(path string) (pid int, ok bool) {
	f, err := os.Open(path)
	if err != nil {
		return 0, false
	}
	defer func() { _ = f.Close() }()
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_SH|syscall.LOCK_NB); !errors.Is(err, syscall.EWOULDBLOCK) {
		return 0, false
	}
	text := make([]byte, 200)
	n, _ := f.Read(text)
	m := statusPID().FindSubmatch(text[:n])
	if m == nil {
		return 0, false
	}
	pid, err = strconv.Atoi(string(m[1]))
	return pid, err == nil && pid > 1
}
