package folder

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"github.com/cespare/xxhash/v2"

	"github.com/tiendi/tiendi/internal/checkpoint"
)

// A file is a line that people can read, and the data:
//
//	tiendi checkpoint 1 <checksum> {"key":…}\n<data>
//
// The checksum, xxHash in 16 hexadecimal digits, is of all that follows it.
const magic = "tiendi checkpoint 1 "

const checksumLen = 16

type head struct {
	Key     string    `json:"key"` // as a Go literal, so that bytes which are no text survive
	Epoch   uint64    `json:"epoch"`
	Version int       `json:"version"`
	Saved   time.Time `json:"saved"`
	Bytes   int       `json:"bytes"`
}

func write(w io.Writer, key string, c checkpoint.Checkpoint) error {
	h := head{strconv.QuoteToASCII(key), c.Epoch, c.Version, c.Saved.UTC().Truncate(time.Microsecond), len(c.Data)}
	line, err := json.Marshal(h)
	if err != nil {
		return err
	}
	line = append(append([]byte(" "), line...), '\n')
	if _, err := fmt.Fprintf(w, "%s%0*x", magic, checksumLen, checksum(line, c.Data)); err != nil {
		return err
	}
	if _, err := w.Write(line); err != nil {
		return err
	}
	_, err = w.Write(c.Data)
	return err
}

func checksum(parts ...[]byte) uint64 {
	d := xxhash.New()
	for _, p := range parts {
		_, _ = d.Write(p) // never fails
	}
	return d.Sum64()
}

// read gives the checkpoint of a file, which must be of this key and epoch.
func read(name, key string, epoch uint64) (c checkpoint.Checkpoint, err error) {
	all, err := os.ReadFile(name)
	if err != nil {
		return c, err
	}
	damaged := func(what string) error {
		return fmt.Errorf("%w: %s %s; restore it, or remove it to begin anew", checkpoint.ErrDamaged, name, what)
	}
	body, ok := bytes.CutPrefix(all, []byte(magic))
	if !ok || len(body) < checksumLen {
		return c, damaged("is no checkpoint of this release")
	}
	sum, err := strconv.ParseUint(string(body[:checksumLen]), 16, 64)
	if body = body[checksumLen:]; err != nil || sum != checksum(body) {
		return c, damaged("does not fit its checksum")
	}
	line, data, _ := bytes.Cut(body, []byte("\n"))
	var h head
	if err := json.Unmarshal(line, &h); err != nil || h.Bytes != len(data) {
		return c, damaged("has a first line that does not fit the rest")
	}
	if h.Key != strconv.QuoteToASCII(key) || h.Epoch != epoch {
		return c, damaged(fmt.Sprintf("holds key %s, epoch %d", h.Key, h.Epoch))
	}
	return checkpoint.Checkpoint{Epoch: h.Epoch, Version: h.Version, Saved: h.Saved, Data: data}, nil
}
