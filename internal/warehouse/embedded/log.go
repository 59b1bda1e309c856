package embedded

import (
	"fmt"
	"os"
	"strings"
	"sync"
)

const (
	logFileSize = 4 << 20
	tailSize    = 4 << 10
)

// Log is a file for the engine's output that never takes more than twice 4 MiB
// (the second half is path.1), and the end of it in memory. It is safe for
// concurrent use.
type Log struct {
	mu   sync.Mutex
	path string
	file *os.File
	size int64
	tail []byte
}

// OpenLog appends to the file at path, readable by the user only.
func OpenLog(path string) (*Log, error) {
	l := &Log{path: path}
	if err := l.open(); err != nil {
		return nil, fmt.Errorf("open log: %w", err)
	}
	return l, nil
}

func (l *Log) open() error {
	f, err := os.OpenFile(l.path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		_ = f.Close()
		return err
	}
	l.file, l.size = f, info.Size()
	return nil
}

// Write appends p and never fails: an unwritable log must not end the engine.
func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tail = append(l.tail, p...)
	if over := len(l.tail) - tailSize; over > 0 {
		l.tail = append(l.tail[:0], l.tail[over:]...)
	}
	if l.size+int64(len(p)) > logFileSize {
		l.rotate()
	}
	n, _ := l.file.Write(p)
	l.size += int64(n)
	return len(p), nil
}

func (l *Log) rotate() {
	_ = os.Rename(l.path, l.path+".1")
	old := l.file
	if err := l.open(); err == nil {
		_ = old.Close()
	}
}

// Mark forgets the tail, so that it tells of what comes next only.
func (l *Log) Mark() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tail = nil
}

// Tail returns the last 4 KiB since Mark.
func (l *Log) Tail() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.ToValidUTF8(string(l.tail), "?")
}

// tailText is the tail as the end of an error message.
func (l *Log) tailText() string {
	tail := strings.TrimSpace(l.Tail())
	if tail == "" {
		return "; see " + l.path
	}
	return "; the end of " + l.path + ":\n" + tail
}

// Close closes the file.
func (l *Log) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.file.Close()
}
