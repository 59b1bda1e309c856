package generate

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// Compression is how event files are packed.
type Compression string

// The compressions.
const (
	Plain Compression = "none"
	Gzip  Compression = "gzip"
	Zstd  Compression = "zstd"
)

func (c Compression) check() error {
	switch c {
	case "", Plain, Gzip, Zstd:
		return nil
	}
	return fmt.Errorf("--compress %q: use one of %s, %s, %s", string(c), Plain, Gzip, Zstd)
}

func (c Compression) suffix() string {
	switch c {
	case Gzip:
		return ".gz"
	case Zstd:
		return ".zst"
	}
	return ""
}

// FileInfo is one file of a generation.
type FileInfo struct {
	Path  string `json:"path"`  // below the folder, with slashes
	Rows  int64  `json:"rows"`  // a CSV file's header is not counted
	Bytes int64  `json:"bytes"` // before compression
}

// file is one file being written, packed or not.
type file struct {
	FileInfo
	disk   *os.File
	buffer *bufio.Writer
	packer io.WriteCloser // nil for plain files
	to     io.Writer
}

const fileBuffer = 256 << 10

func createFile(dir, path string, how Compression) (*file, error) {
	path += how.suffix()
	name := filepath.Join(dir, filepath.FromSlash(path))
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return nil, fmt.Errorf("make folder of %s: %w", path, err)
	}
	disk, err := os.Create(name)
	if err != nil {
		return nil, fmt.Errorf("create %s: %w", path, err)
	}
	f := &file{FileInfo: FileInfo{Path: path}, disk: disk, buffer: bufio.NewWriterSize(disk, fileBuffer)}
	f.to = f.buffer
	switch how {
	case Gzip:
		f.packer, err = gzip.NewWriterLevel(f.buffer, gzip.BestSpeed)
	case Zstd:
		f.packer, err = zstd.NewWriter(f.buffer, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1))
	}
	if err != nil {
		disk.Close()
		return nil, fmt.Errorf("pack %s: %w", path, err)
	}
	if f.packer != nil {
		f.to = f.packer
	}
	return f, nil
}

func (f *file) write(rows int64, data []byte) error {
	f.Rows += rows
	f.Bytes += int64(len(data))
	if _, err := f.to.Write(data); err != nil {
		return fmt.Errorf("write %s: %w", f.Path, err)
	}
	return nil
}

func (f *file) close() error {
	var err error
	if f.packer != nil {
		err = f.packer.Close()
	}
	if err == nil {
		err = f.buffer.Flush()
	}
	if closeErr := f.disk.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", f.Path, err)
	}
	return nil
}
