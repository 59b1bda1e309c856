package load

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

const (
	chunkBytes = 1 << 20  // what a worker gets at once
	maxRecord  = 16 << 20 // the longest line or CSV record
	maxRaw     = 8 << 10  // what is kept of a rejected record
)

// chunk is a run of whole records. If reason is set, data is one record (or
// its beginning) that is rejected for it.
type chunk struct {
	data   []byte
	line   uint64 // of the first byte, from 1
	reason string
	buf    []byte // what data lies in, to be used again
}

// splitter cuts a stream of lines or CSV records into chunks. No more than
// maxRecord and a chunk of it are in memory.
type splitter struct {
	r     io.Reader
	csv   bool
	buf   []byte
	line  uint64
	eof   bool
	spare func() []byte // gives an empty buffer
}

func newSplitter(r io.Reader, csv bool, spare func() []byte) *splitter {
	return &splitter{r: r, csv: csv, line: 1, spare: spare}
}

var errUTF16 = errors.New("is UTF-16; save it as UTF-8")

// start reads the beginning and takes off a byte order mark.
func (s *splitter) start() error {
	s.buf = s.spare()
	if err := s.fill(chunkBytes); err != nil {
		return err
	}
	if bytes.HasPrefix(s.buf, []byte("\xff\xfe")) || bytes.HasPrefix(s.buf, []byte("\xfe\xff")) {
		return errUTF16
	}
	s.buf = bytes.TrimPrefix(s.buf, []byte("\xef\xbb\xbf"))
	return nil
}

// fill reads until buf has n bytes or the input ends.
func (s *splitter) fill(n int) error {
	if cap(s.buf) < n {
		grown := make([]byte, len(s.buf), n)
		copy(grown, s.buf)
		s.buf = grown
	}
	for len(s.buf) < n && !s.eof {
		read, err := s.r.Read(s.buf[len(s.buf):n])
		s.buf = s.buf[:len(s.buf)+read]
		if errors.Is(err, io.EOF) {
			s.eof = true
		} else if err != nil {
			return err
		}
	}
	return nil
}

// header takes the first CSV record off.
func (s *splitter) header() ([]byte, error) {
	for n := chunkBytes; ; n *= 2 {
		if err := s.fill(n); err != nil {
			return nil, err
		}
		end := recordEnd(s.buf)
		if end < 0 && s.eof && bytes.IndexByte(s.buf, '"') < 0 {
			end = len(s.buf)
		}
		if end >= 0 {
			record := s.buf[:end]
			s.buf = s.buf[end:]
			s.line += uint64(bytes.Count(record, []byte("\n")))
			return trimNewline(record), nil
		}
		if s.eof || n >= maxRecord {
			return nil, fmt.Errorf("has no header line within %d MiB: is it CSV?", maxRecord>>20)
		}
	}
}

// next gives the next chunk; io.EOF after the last one.
func (s *splitter) next() (chunk, error) {
	for n := chunkBytes; ; n *= 2 {
		if err := s.fill(n); err != nil {
			return chunk{}, err
		}
		if len(s.buf) == 0 && s.eof {
			return chunk{}, io.EOF
		}
		if cut := s.cut(); cut > 0 {
			return s.emit(cut, ""), nil
		}
		if s.eof || n >= maxRecord {
			return s.broken()
		}
	}
}

// cut is the length of the whole records in buf.
func (s *splitter) cut() int {
	if s.csv && bytes.IndexByte(s.buf, '"') >= 0 {
		return s.cutQuoted()
	}
	if s.eof {
		return len(s.buf)
	}
	return bytes.LastIndexByte(s.buf, '\n') + 1
}

func (s *splitter) cutQuoted() int {
	cut := 0
	for {
		end := recordEnd(s.buf[cut:])
		if end < 0 {
			break
		}
		cut += end
	}
	if s.eof && cut < len(s.buf) && recordEnd(append(s.buf[cut:len(s.buf):len(s.buf)], '\n')) > 0 {
		return len(s.buf)
	}
	return cut
}

// broken takes off the first line, which begins a record that does not end: a
// quote that is never closed, or a line too long to hold, whose rest is skipped.
// Reading goes on behind it, so that one bad line costs no others.
func (s *splitter) broken() (chunk, error) {
	if end := bytes.IndexByte(s.buf, '\n'); end >= 0 {
		return s.emit(end+1, reasonQuote), nil
	}
	if s.eof {
		return s.emit(len(s.buf), reasonQuote), nil
	}
	c := chunk{data: append([]byte(nil), s.buf[:maxRaw]...), line: s.line, reason: reasonLong}
	for {
		s.buf = s.buf[:0]
		if err := s.fill(chunkBytes); err != nil {
			return chunk{}, err
		}
		if end := bytes.IndexByte(s.buf, '\n'); end >= 0 {
			s.buf = s.buf[end+1:]
			s.line++
			return c, nil
		}
		if s.eof {
			s.buf = s.buf[:0]
			return c, nil
		}
	}
}

// emit hands out the first n bytes and keeps the rest in a buffer of its own.
func (s *splitter) emit(n int, reason string) chunk {
	c := chunk{data: s.buf[:n:n], line: s.line, reason: reason, buf: s.buf}
	s.line += uint64(bytes.Count(c.data, []byte("\n")))
	s.buf = append(s.spare(), s.buf[n:]...)
	return c
}

func trimNewline(s []byte) []byte {
	s = bytes.TrimSuffix(s, []byte("\n"))
	return bytes.TrimSuffix(s, []byte("\r"))
}
