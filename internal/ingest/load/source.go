package load

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"

	"github.com/cespare/xxhash/v2"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// Format is how rows stand in a file.
type Format string

// The formats that can be loaded.
const (
	CSV     Format = "csv"
	NDJSON  Format = "ndjson"
	Parquet Format = "parquet"
)

// maxZstdMemory bounds the window that a .zst file may ask for.
const maxZstdMemory = 256 << 20

// formatOf goes by the name's endings; "" when they say nothing.
func formatOf(path string) (f Format, compression string) {
	name := strings.ToLower(filepath.Base(path))
	for _, c := range []string{".gz", ".zst"} {
		if strings.HasSuffix(name, c) {
			name, compression = strings.TrimSuffix(name, c), c
		}
	}
	switch filepath.Ext(name) {
	case ".csv":
		f = CSV
	case ".ndjson", ".jsonl":
		f = NDJSON
	case ".parquet":
		f = Parquet
	}
	return f, compression
}

// source reads one file as it was when it was opened: what is appended later
// belongs to the next load.
type source struct {
	file   *os.File
	size   int64
	read   atomic.Int64 // bytes of the file so far
	sum    *contentHash
	reader io.Reader // decompressed
	close  func()
}

func openSource(path, compression string) (*source, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err != nil {
		_ = file.Close()
		return nil, err
	}
	s := &source{file: file, size: info.Size(), sum: newContentHash(), close: func() {}}
	if err := s.decompress(compression); err != nil {
		_ = file.Close()
		return nil, err
	}
	return s, nil
}

func (s *source) decompress(compression string) error {
	raw := io.TeeReader(io.LimitReader(s.file, s.size), s)
	if compression != "" {
		raw = bufio.NewReaderSize(raw, 256<<10)
	}
	switch compression {
	case ".gz":
		z, err := gzip.NewReader(raw)
		if err != nil {
			return fmt.Errorf("is not gzip: %w", err)
		}
		s.reader, s.close = z, func() { _ = z.Close() }
	case ".zst":
		z, err := zstd.NewReader(raw, zstd.WithDecoderMaxWindow(maxZstdMemory))
		if err != nil {
			return fmt.Errorf("is not zstd: %w", err)
		}
		s.reader, s.close = z, z.Close
	default:
		s.reader = raw
	}
	return nil
}

// Write sees the bytes of the file as they are read.
func (s *source) Write(p []byte) (int, error) {
	s.read.Add(int64(len(p)))
	s.sum.write(p)
	return len(p), nil
}

// Close gives up the file.
func (s *source) Close() error {
	s.close()
	return s.file.Close()
}

// contentHash tells contents of files apart: 128 bits of two seeded hashes.
type contentHash struct{ a, b *xxhash.Digest }

func newContentHash() *contentHash {
	return &contentHash{xxhash.NewWithSeed(1), xxhash.NewWithSeed(2)}
}

func (h *contentHash) write(p []byte) {
	// A Digest never fails.
	_, _ = h.a.Write(p)
	_, _ = h.b.Write(p)
}

func (h *contentHash) String() string { return hex.EncodeToString(h.b.Sum(h.a.Sum(nil))) }

// hashFile is the content hash of a whole file of that size.
func hashFile(path string, size int64) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { _ = file.Close() }()
	h := newContentHash()
	buf := make([]byte, chunkBytes)
	for r := io.LimitReader(file, size); ; {
		n, err := r.Read(buf)
		h.write(buf[:n])
		if err == io.EOF {
			return h.String(), nil
		}
		if err != nil {
			return "", err
		}
	}
}
