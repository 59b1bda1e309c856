package collect

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/tiendi/tiendi/internal/broker"
)

// segment is one file of a backlog.
type segment struct {
	path    string
	file    *os.File
	size    int64 // of whole records
	records int   // not yet sent
	sent    int64 // up to where it is sent
	read    int64 // up to where it is read
	sealed  bool  // nothing more is written to it
}

func createSegment(path string) (*segment, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syncDir(filepath.Dir(path)); err != nil {
		_ = file.Close()
		return nil, errors.Join(err, os.Remove(path))
	}
	return &segment{path: path, file: file}, nil
}

func (s *segment) writable() bool { return !s.sealed && s.size < segmentBytes }

// append returns once the record is on disk. After an error nothing is written to
// the segment any more: what a failed sync has left is not known.
func (s *segment) append(record []byte) error {
	_, err := s.file.WriteAt(record, s.size)
	if err == nil {
		err = s.file.Sync()
	}
	if err != nil {
		s.sealed = true
		return errors.Join(err, s.file.Truncate(s.size))
	}
	s.size += int64(len(record))
	s.records++
	return nil
}

// next reads the first record that is not sent.
func (s *segment) next() (broker.Message, error) {
	m, end, err := readRecord(s.file, s.sent, s.size)
	s.read = end
	return m, err
}

func (s *segment) drop() {
	s.sent = s.read
	s.records--
}

// reopen reads a file that an earlier process has left, nil if nothing is in it.
// Its end is cut where that process died while writing. Where it is damaged, the
// rest is kept under another name.
func (s *spool) reopen(path string) (*segment, error) {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	seg := &segment{path: path, file: file, sealed: true}
	if err := s.scan(seg); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), file.Close())
	}
	if seg.size == 0 {
		return nil, errors.Join(file.Close(), os.Remove(path))
	}
	// What is over the limit is kept all the same; nothing is added until it is sent.
	s.bytes.used.Add(seg.size)
	s.records.Add(int64(seg.records))
	return seg, nil
}

// scan finds the end of the whole records and cuts what is behind it.
func (s *spool) scan(seg *segment) error {
	info, err := seg.file.Stat()
	if err != nil {
		return err
	}
	for {
		_, next, err := readRecord(seg.file, seg.size, info.Size())
		switch {
		case err == nil:
			seg.size, seg.records = next, seg.records+1
			continue
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, errTorn):
			s.log.Info("the last record of a spool file was never finished; it is cut", "file", seg.path, "bytes", info.Size()-seg.size)
		case errors.Is(err, errDamaged):
			if err := s.keepRest(seg, info.Size()); err != nil {
				return err
			}
		default:
			return err
		}
		return errors.Join(seg.file.Truncate(seg.size), seg.file.Sync())
	}
}

// keepRest copies what cannot be read, for people to look at. Zeros are what a
// power cut leaves of writes that never came to their end.
func (s *spool) keepRest(seg *segment, size int64) error {
	rest := make([]byte, size-seg.size)
	if _, err := seg.file.ReadAt(rest, seg.size); err != nil {
		return err
	}
	if len(bytes.Trim(rest, "\x00")) == 0 {
		return nil
	}
	s.log.Error("a spool file is damaged; what cannot be read of it is set aside",
		"file", seg.path+".damaged", "at_byte", seg.size, "bytes", len(rest))
	return os.WriteFile(seg.path+".damaged", rest, 0o600)
}
