package collect

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/tiendi/tiendi/internal/broker"
)

// segmentBytes is when a new file is begun. A file is removed once all of it is
// sent, so that a process that is killed sends at most one file again.
const segmentBytes = 8 << 20

const segmentSuffix = ".spool"

// backlog is one partition's queue on disk, in files of many records. One
// goroutine adds, and one takes.
type backlog struct {
	spool     *spool
	dir       string
	partition int

	mu       sync.Mutex
	segments []*segment // oldest first, each with something unsent
	number   int        // of the newest file
}

// open reads what an earlier process has left.
func (s *spool) open(dir string) (*backlog, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	for _, d := range []string{filepath.Dir(filepath.Dir(dir)), filepath.Dir(dir)} {
		if err := syncDir(d); err != nil {
			return nil, err
		}
	}
	b := &backlog{spool: s, dir: dir}
	if _, err := fmt.Sscan(filepath.Base(dir), &b.partition); err != nil {
		return nil, err
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"+segmentSuffix))
	if err != nil {
		return nil, err
	}
	slices.Sort(files)
	for _, file := range files {
		if _, err := fmt.Sscanf(strings.TrimSuffix(filepath.Base(file), segmentSuffix), "%d", &b.number); err != nil {
			return nil, fmt.Errorf("%s is no file of a spool: move it away", file)
		}
		seg, err := s.reopen(file)
		if err != nil {
			return nil, err
		}
		if seg != nil {
			b.segments = append(b.segments, seg)
		}
	}
	return b, nil
}

func (b *backlog) empty() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.segments) == 0
}

// add returns once the batch is on disk, or errFull.
func (b *backlog) add(batch broker.Batch) error {
	record := appendRecord(nil, batch.Message)
	if !b.spool.bytes.take(int64(len(record))) {
		return errFull
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	seg, err := b.writable()
	if err == nil {
		err = seg.append(record)
	}
	if err != nil {
		b.spool.bytes.give(int64(len(record)))
		return err
	}
	b.spool.records.Add(1)
	return nil
}

// writable is the newest segment, or a new one. It needs the lock.
func (b *backlog) writable() (*segment, error) {
	if n := len(b.segments); n > 0 && b.segments[n-1].writable() {
		return b.segments[n-1], nil
	}
	b.number++
	seg, err := createSegment(filepath.Join(b.dir, fmt.Sprintf("%012d%s", b.number, segmentSuffix)))
	if err != nil {
		return nil, err
	}
	b.segments = append(b.segments, seg)
	return seg, nil
}

// oldest is the batch to send next. When it cannot be read, its file is set
// aside, and the file behind it is next.
func (b *backlog) oldest() (broker.Batch, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	seg := b.segments[0]
	m, err := seg.next()
	if err != nil {
		b.forget(seg)
		if aside := os.Rename(seg.path, seg.path+".damaged"); aside != nil {
			return broker.Batch{}, fmt.Errorf("%s: %w; it cannot be set aside: %w", seg.path, err, aside)
		}
		return broker.Batch{}, fmt.Errorf("%s.damaged: %w at byte %d", seg.path, err, seg.sent)
	}
	return broker.Batch{Partition: b.partition, Message: m}, nil
}

// drop forgets the batch that oldest gave.
func (b *backlog) drop() {
	b.mu.Lock()
	defer b.mu.Unlock()
	seg := b.segments[0]
	seg.drop()
	b.spool.records.Add(-1)
	if seg.sent < seg.size {
		return
	}
	b.forget(seg)
	if err := os.Remove(seg.path); err != nil {
		// It will be sent again at the next start, which is harmless.
		b.spool.log.Warn("a file of the spool that is sent cannot be removed", "err", err)
	}
}

// forget takes the first segment off the queue. It needs the lock.
func (b *backlog) forget(seg *segment) {
	b.segments = b.segments[1:]
	b.spool.bytes.give(seg.size)
	b.spool.records.Add(-int64(seg.records))
	_ = seg.file.Close() // all that matters was synced
}

// close leaves the files to the next start.
func (b *backlog) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, seg := range b.segments {
		_ = seg.file.Close()
	}
	b.segments = nil
}
