package local

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
)

// maxSocketPath is what fits into sockaddr_un on every platform we build for.
const maxSocketPath = 100

// socketPath is in the state folder, or for a folder whose path is too long, in
// one of the user's own under the temporary folder.
func socketPath(stateDir string) (string, error) {
	path := filepath.Join(stateDir, "supervisor.sock")
	if len(path) <= maxSocketPath {
		return path, nil
	}
	dir := filepath.Join(os.TempDir(), "tiendi-"+strconv.Itoa(os.Getuid()))
	if err := os.Mkdir(dir, 0o700); err != nil && !os.IsExist(err) {
		return "", fmt.Errorf("folder for the socket: %w", err)
	}
	if err := onlyOurs(dir); err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(stateDir))
	path = filepath.Join(dir, hex.EncodeToString(sum[:8])+".sock")
	if len(path) > maxSocketPath {
		return "", fmt.Errorf("socket path %s is longer than %d bytes; set TMPDIR to a shorter folder", path, maxSocketPath)
	}
	return path, nil
}

// onlyOurs refuses a folder that another user could have put there.
func onlyOurs(dir string) error {
	info, err := os.Lstat(dir)
	if err != nil {
		return fmt.Errorf("folder for the socket: %w", err)
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok || !info.IsDir() || int(stat.Uid) != os.Getuid() || info.Mode().Perm()&0o077 != 0 {
		return fmt.Errorf("folder %s is not this user's alone; remove it or set TMPDIR", dir)
	}
	return nil
}
