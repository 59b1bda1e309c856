package project

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"unicode/utf8"
)

// maxTextBytes bounds a file of SQL or Markdown.
const maxTextBytes = 16 << 20

// maxSeedBytes is up to where a seed's checksum is that of its text without
// white space around it, as dbt has it; larger ones are hashed as they are.
const maxSeedBytes = 1 << 20

// readBounded reads a file of at most limit bytes.
func readBounded(name string, limit int64) ([]byte, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	return readSized(name, info.Size(), limit)
}

// readSized reads a file that was size bytes long when it was looked at: one
// read, and more only where it has grown since.
func readSized(name string, size, limit int64) ([]byte, error) {
	if size > limit {
		return nil, fmt.Errorf("larger than the %d bytes that are read", limit)
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text := make([]byte, size+1)
	n, err := f.Read(text)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if n < len(text) && int64(n) == size || errors.Is(err, io.EOF) {
		return text[:n], nil
	}
	rest, err := io.ReadAll(io.LimitReader(f, limit+1-int64(n)))
	if err != nil {
		return nil, err
	}
	if text = append(text[:n], rest...); int64(len(text)) > limit {
		return nil, fmt.Errorf("larger than the %d bytes that are read", limit)
	}
	return text, nil
}

func (f *File) name() string { return filepath.Join(f.Root, filepath.FromSlash(f.Path)) }

// readText reads a file of text and its checksum.
func (f *File) readText() error {
	text, err := readSized(f.name(), f.Size, maxTextBytes)
	if err != nil {
		return err
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if !utf8.Valid(text) {
		return fmt.Errorf("line %d is not UTF-8: save the file as UTF-8", badLine(text))
	}
	f.Raw = string(bytes.TrimRight(text, " \t\r\n\v\f"))
	f.Checksum = checksum(text)
	return nil
}

// checksum is dbt's: sha256 of the text without white space around it.
func checksum(text []byte) string {
	sum := sha256.Sum256(bytes.TrimSpace(text))
	return hex.EncodeToString(sum[:])
}

func badLine(text []byte) int {
	line := 1
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		if r == utf8.RuneError && size == 1 {
			break
		}
		if r == '\n' {
			line++
		}
		text = text[size:]
	}
	return line
}

// sumSeed reads a seed's checksum; its rows are read when it is built.
func (f *File) sumSeed() error {
	if f.Size <= maxSeedBytes {
		text, err := readSized(f.name(), f.Size, maxSeedBytes)
		if err != nil {
			return err
		}
		f.Checksum = checksum(text)
		return nil
	}
	file, err := os.Open(f.name())
	if err != nil {
		return err
	}
	defer file.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, file); err != nil {
		return err
	}
	f.Checksum = hex.EncodeToString(sum.Sum(nil))
	return nil
}
