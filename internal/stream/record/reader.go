package record

import (
	"encoding/binary"
	"errors"
	"fmt"
	"time"
	"unsafe"

	"github.com/tiendi/tiendi/internal/event"
)

// ErrFormat: the bytes are not what this release writes.
var ErrFormat = errors.New("not a record of this release")

// reader takes values from the front of a body. After the first that is not there
// all further ones are zero, and bad holds.
type reader struct {
	b   []byte
	at  int
	bad bool
}

func newReader(b []byte) *reader { return &reader{b: b} }

func (r *reader) err(what string) error {
	switch {
	case r.bad:
		return fmt.Errorf("%s: %w: it ends early, at byte %d of %d", what, ErrFormat, r.at, len(r.b))
	case r.at < len(r.b):
		return fmt.Errorf("%s: %w: %d bytes are left over", what, ErrFormat, len(r.b)-r.at)
	}
	return nil
}

// take gives where the next n bytes are.
func (r *reader) take(n uint64) (from, to int) {
	if r.bad || n > uint64(len(r.b)-r.at) {
		r.bad = true
		return 0, 0
	}
	from = r.at
	r.at += int(n)
	return from, r.at
}

func (r *reader) byte() byte {
	from, to := r.take(1)
	if from == to {
		return 0
	}
	return r.b[from]
}

func (r *reader) uint() uint64 {
	v, n := binary.Uvarint(r.b[r.at:])
	if n <= 0 {
		r.bad = true
		return 0
	}
	r.at += n
	return v
}

func (r *reader) int() int64 {
	v, n := binary.Varint(r.b[r.at:])
	if n <= 0 {
		r.bad = true
		return 0
	}
	r.at += n
	return v
}

// The fewest bytes of things that there are many of.
const (
	leastEvent   = 14 // flags, which ids, time, ten texts, properties
	leastUpdate  = 13
	leastSession = 18
	leastLive    = 2 // which ids, number
)

// count is a number of things that take at least so many bytes each: what is made for
// them is bounded by what is there.
func (r *reader) count(bytes int) int {
	n := r.uint()
	if n > uint64((len(r.b)-r.at)/bytes) {
		r.bad = true
		return 0
	}
	return int(n)
}

// str is a part of the body itself: bodies are not changed, and a copy of each took a
// tenth of a worker's memory and a fifth of the time of reading.
func (r *reader) str() string {
	from, to := r.take(r.uint())
	if from == to {
		return ""
	}
	return unsafe.String(&r.b[from], to-from)
}

// bytes is a part of the body itself, nil for none.
func (r *reader) bytes() []byte {
	from, to := r.take(r.uint())
	if from == to {
		return nil
	}
	return r.b[from:to:to]
}

func (r *reader) time() time.Time { return time.UnixMilli(r.int()).UTC() }

func (r *reader) ids(into ...*event.ID) {
	bits := r.byte()
	for i, id := range into {
		*id = event.ID{}
		if bits&(1<<i) != 0 {
			from, to := r.take(uint64(len(id)))
			copy(id[:], r.b[from:to])
		}
	}
}

func (r *reader) flags(into ...*bool) {
	b := r.byte()
	for i, set := range into {
		*set = b&(1<<i) != 0
	}
}

func (r *reader) version(what string) error {
	if v := r.byte(); v != version {
		return fmt.Errorf("%s: %w: version %d, and this release reads %d; upgrade the workers that write it last, or this one", what, ErrFormat, v, version)
	}
	return nil
}
