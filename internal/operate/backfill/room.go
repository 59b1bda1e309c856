package backfill

import (
	"errors"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"github.com/tiendi/tiendi/internal/transform/materialize"
)

// roomPattern is what folders of the archive's events are called.
const roomPattern = "archive-*"

// makeRoom makes a folder in another, and removes those of backfills that were killed: they
// may hold a day's events each. A folder is locked as long as its process lives, which the
// kernel sees to.
func makeRoom(in string) (dir string, leave func(), err error) {
	left, err := filepath.Glob(filepath.Join(in, roomPattern))
	if err != nil {
		return "", nil, err
	}
	for _, dir := range left {
		if lock, err := lockRoom(dir); err == nil {
			_ = os.RemoveAll(dir) // whoever may not do so leaves it to another
			_ = lock.Close()
		}
	}
	for {
		if dir, err = os.MkdirTemp(in, roomPattern); err != nil {
			return "", nil, err
		}
		lock, err := lockRoom(dir)
		switch {
		case err == nil:
			return dir, func() { _ = os.RemoveAll(dir); _ = lock.Close() }, nil
		case !errors.Is(err, errTaken):
			return "", nil, errors.Join(err, os.Remove(dir))
		}
		// Another backfill took it for a dead one's before it was locked.
	}
}

// errTaken: somebody has the folder, or has removed it.
var errTaken = errors.New("the folder is another's")

func lockRoom(dir string) (*os.File, error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, errors.Join(errTaken, err)
	}
	if err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); errors.Is(err, unix.EWOULDBLOCK) {
		err = errTaken
	}
	if err == nil && !materialize.InPlace(f) {
		err = errTaken
	}
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return f, nil
}
