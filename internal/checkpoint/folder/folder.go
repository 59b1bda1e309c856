package folder

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Folder is a checkpoint.Store and checkpoint.Members.
type Folder struct {
	checkpoints, members string
	ttl                  time.Duration
}

// Open takes a folder, and makes it if need be. Members that have not beaten for
// ttl are not alive.
func Open(dir string, ttl time.Duration) (*Folder, error) {
	f := &Folder{checkpoints: filepath.Join(dir, "checkpoints"), members: filepath.Join(dir, "members"), ttl: ttl}
	for _, dir := range []string{f.checkpoints, f.members} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, fmt.Errorf("folder of checkpoints: %w", err)
		}
	}
	for _, dir := range []string{dir, filepath.Dir(dir)} {
		if err := syncDir(dir); err != nil {
			return nil, fmt.Errorf("folder of checkpoints: %w", err)
		}
	}
	return f, nil
}

// nameLen is how much of a key its file's name shows.
const nameLen = 40

// fileName makes a name that every file system takes, and that no other key has:
// the key as far as it is plain, and its hash.
func fileName(key string) string {
	plain := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '-', r == '_':
			return r
		}
		return '_'
	}, key)
	hash := sha256.Sum256([]byte(key))
	return plain[:min(len(plain), nameLen)] + "-" + hex.EncodeToString(hash[:10])
}

// syncDir makes what happened to a folder's names last.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// names are those of a folder's files; none where the folder is not there.
func names(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	list := make([]string, len(entries))
	for i, e := range entries {
		list[i] = e.Name()
	}
	return list, err
}
