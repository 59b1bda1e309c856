package folder

import (
	"bufio"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"os"
	"strconv"
	"time"

	"github.com/cespare/xxhash/v2"

	"github.com/tiendi/tiendi/internal/checkpoint"
)

// A file is a line that people can read, the data, and a checksum of both:
//
//	tiendi checkpoint 2 {"key":…}\n<data><checksum>
//
// The checksum is xxHash in 16 hexadecimal digits.
const magic = "tiendi checkpoint 2 "

const checksumLen = 16

// buffered is what is written and read at once.
const buffered = 256 << 10

type head struct {
	Key     string    `json:"key"` // as a Go literal, so that bytes which are no text survive
	Epoch   uint64    `json:"epoch"`
	Version int       `json:"version"`
	Saved   time.Time `json:"saved"`
}

func write(to io.Writer, key string, c checkpoint.Checkpoint, data func(io.Writer) error) error {
	line, err := json.Marshal(head{strconv.QuoteToASCII(key), c.Epoch, c.Version, c.Saved.UTC().Truncate(time.Microsecond)})
	if err != nil {
		return err
	}
	sum, out := xxhash.New(), bufio.NewWriterSize(to, buffered)
	both := io.MultiWriter(out, sum)
	if _, err := fmt.Fprintf(both, "%s%s\n", magic, line); err != nil {
		return err
	}
	if err := data(both); err != nil {
		return err
	}
	if _, err := out.WriteString(digits(sum)); err != nil {
		return err
	}
	return out.Flush()
}

func digits(sum hash.Hash64) string { return fmt.Sprintf("%0*x", checksumLen, sum.Sum64()) }

// open gives the checkpoint of a file, which must be of this key and epoch, and its
// data. Whoever has read them closes the file.
func open(name, key string, epoch uint64) (c checkpoint.Checkpoint, data io.Reader, file *os.File, err error) {
	if file, err = os.Open(name); err != nil {
		return c, nil, nil, err
	}
	if c, data, err = whole(file, key, epoch); err != nil {
		_ = file.Close()
		return c, nil, nil, err
	}
	return c, data, file, nil
}

// whole goes through a file once before its data are given.
func whole(file *os.File, key string, epoch uint64) (c checkpoint.Checkpoint, data io.Reader, err error) {
	damaged := func(what string) error {
		return fmt.Errorf("%w: %s %s; restore it, or remove it to begin anew", checkpoint.ErrDamaged, file.Name(), what)
	}
	info, err := file.Stat()
	if err != nil {
		return c, nil, err
	}
	size := info.Size() - checksumLen
	if size < int64(len(magic)) {
		return c, nil, damaged("is no checkpoint of this release")
	}
	sum, stored := xxhash.New(), make([]byte, checksumLen)
	if _, err := io.CopyBuffer(sum, io.NewSectionReader(file, 0, size), make([]byte, buffered)); err != nil {
		return c, nil, err
	}
	if _, err := file.ReadAt(stored, size); err != nil {
		return c, nil, err
	}
	in := bufio.NewReaderSize(io.NewSectionReader(file, 0, size), buffered)
	start := make([]byte, len(magic))
	if _, err := io.ReadFull(in, start); err != nil || string(start) != magic {
		return c, nil, damaged("is no checkpoint of this release")
	}
	if string(stored) != digits(sum) {
		return c, nil, damaged("does not fit its checksum")
	}
	var h head
	if line, err := in.ReadSlice('\n'); err != nil || json.Unmarshal(line, &h) != nil {
		return c, nil, damaged("has a first line that cannot be read")
	}
	if h.Key != strconv.QuoteToASCII(key) || h.Epoch != epoch {
		return c, nil, damaged(fmt.Sprintf("holds key %s, epoch %d", h.Key, h.Epoch))
	}
	return checkpoint.Checkpoint{Epoch: h.Epoch, Version: h.Version, Saved: h.Saved}, in, nil
}
