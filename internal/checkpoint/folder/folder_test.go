package folder_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/checkpoint/checkpointtest"
	"github.com/tiendi/tiendi/internal/checkpoint/folder"
)

// driver remembers its folder, to damage it.
type driver struct {
	*folder.Folder
	dir string
}

var subject = checkpointtest.Subject{
	Open: func(t testing.TB, ttl time.Duration) (one, two checkpointtest.Driver) {
		dir := filepath.Join(t.TempDir(), "stream")
		return driver{open(t, dir, ttl), dir}, driver{open(t, dir, ttl), dir}
	},
	Damage: func(t testing.TB, d checkpointtest.Driver) {
		for _, file := range files(t, d.(driver).dir) {
			flip(t, file, -5)
		}
	},
}

func open(t testing.TB, dir string, ttl time.Duration) *folder.Folder {
	t.Helper()
	f, err := folder.Open(dir, ttl)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// files are those of all checkpoints.
func files(t testing.TB, dir string) []string {
	t.Helper()
	list, err := filepath.Glob(filepath.Join(dir, "checkpoints", "*", "*"))
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// flip changes a byte, counted from the end where at is negative.
func flip(t testing.TB, file string, at int) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if at < 0 {
		at += len(b)
	}
	b[at] ^= 4
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestSuite(t *testing.T) { checkpointtest.Run(t, subject) }

func BenchmarkSave(b *testing.B) { checkpointtest.Bench(b, subject) }
