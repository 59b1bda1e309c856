package collect

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"

	"golang.org/x/sys/unix"
)

// errFull: the spool has all that it may have.
var errFull = errors.New("the spool is full")

// spool keeps on disk what the broker does not take: a folder for each partition
// of each topic, bounded together.
type spool struct {
	dir     string
	bytes   *budget
	records atomic.Int64
	log     *slog.Logger
	lock    *os.File
}

// openSpool takes a folder for this process alone.
func openSpool(dir string, limit int64, log *slog.Logger) (*spool, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("spool: %w", err)
	}
	lock, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("spool: %w", err)
	}
	if err := unix.Flock(int(lock.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		_ = lock.Close()
		return nil, fmt.Errorf("spool %s is another collector's (%w): give each its own folder", dir, err)
	}
	return &spool{dir: dir, bytes: &budget{limit: limit}, log: log, lock: lock}, nil
}

// backlogs opens the folders of a topic's partitions.
func (s *spool) backlogs(topic Topic) ([]*backlog, error) {
	if err := s.checkPartitions(topic); err != nil {
		return nil, err
	}
	list := make([]*backlog, topic.Partitions)
	for p := range list {
		b, err := s.open(filepath.Join(s.dir, topic.Name, strconv.Itoa(p)))
		if err != nil {
			return nil, fmt.Errorf("spool of topic %s, partition %d: %w", topic.Name, p, err)
		}
		list[p] = b
	}
	return list, nil
}

// checkPartitions refuses to leave events of partitions lying that are no more.
func (s *spool) checkPartitions(topic Topic) error {
	entries, err := os.ReadDir(filepath.Join(s.dir, topic.Name))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("spool: %w", err)
	}
	for _, e := range entries {
		if p, err := strconv.Atoi(e.Name()); err == nil && p >= topic.Partitions {
			return fmt.Errorf("spool %s holds events of partition %d, and topic %s has %d: start with as many as before until the spool is empty",
				s.dir, p, topic.Name, topic.Partitions)
		}
	}
	return nil
}

// hasRoom says whether there is room for a batch.
func (s *spool) hasRoom() bool { return s.bytes.used.Load()+maxRecord <= s.bytes.limit }

// close gives the folder back.
func (s *spool) close() error { return s.lock.Close() }

// syncDir makes the names in a folder as durable as the files.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
