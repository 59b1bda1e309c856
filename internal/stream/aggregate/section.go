package aggregate

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
)

// ErrSnapshot: the bytes are no snapshot that this release reads, or a damaged one.
var ErrSnapshot = errors.New("not a snapshot of windows that can be read")

// A snapshot is a row of sections: length and CRC-32C of 4 bytes each, little endian,
// and so many bytes. A section holds whole items. The last one is empty.
const (
	sectionHead = 8
	sectionFull = 64 << 10 // no item is begun after so many bytes
	maxSection  = 8 << 20  // an item is smaller than a batch
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// writer puts items into sections. After an error it writes no more.
type writer struct {
	to  io.Writer
	b   []byte // the section's head and items so far
	err error
}

// item is called before each item.
func (w *writer) item() {
	if len(w.b) == 0 {
		w.b = append(w.b, make([]byte, sectionHead)...)
	}
	if len(w.b) >= sectionFull {
		w.section()
	}
}

// section writes the items so far.
func (w *writer) section() {
	items := w.b[sectionHead:]
	binary.LittleEndian.PutUint32(w.b, uint32(len(items)))
	binary.LittleEndian.PutUint32(w.b[4:], crc32.Checksum(items, castagnoli))
	if w.err == nil {
		_, w.err = w.to.Write(w.b)
	}
	w.b = w.b[:sectionHead]
}

// end writes what is left, and the empty section.
func (w *writer) end() error {
	w.section()
	w.section()
	return w.err
}

func (w *writer) uint(n uint64)  { w.b = binary.AppendUvarint(w.b, n) }
func (w *writer) int(n int64)    { w.b = binary.AppendVarint(w.b, n) }
func (w *writer) bytes(b []byte) { w.b = append(binary.AppendUvarint(w.b, uint64(len(b))), b...) }

// reader takes items out of sections. After an error all values are zero.
type reader struct {
	from io.Reader
	buf  []byte
	b    []byte // what is left of the section
	err  error
}

func (r *reader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf("%w: "+format, append([]any{ErrSnapshot}, args...)...)
	}
	r.b = nil
}

// item is called before each item.
func (r *reader) item() {
	if len(r.b) == 0 && r.err == nil {
		r.section()
	}
}

func (r *reader) section() {
	var head [sectionHead]byte
	if !r.fill(head[:]) {
		return
	}
	n := binary.LittleEndian.Uint32(head[:])
	if n > maxSection {
		r.fail("a section of %d bytes, and %d is the most", n, maxSection)
		return
	}
	if uint32(cap(r.buf)) < n {
		r.buf = make([]byte, n)
	}
	if r.b = r.buf[:n]; !r.fill(r.b) {
		return
	}
	if crc32.Checksum(r.b, castagnoli) != binary.LittleEndian.Uint32(head[4:]) {
		r.fail("a section's checksum is another")
	}
}

func (r *reader) fill(b []byte) bool {
	_, err := io.ReadFull(r.from, b)
	switch {
	case err == nil:
		return true
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		r.fail("it ends early")
	default:
		r.err, r.b = err, nil
	}
	return false
}

// end wants the empty section.
func (r *reader) end() error {
	if len(r.b) > 0 {
		r.fail("%d bytes are left over", len(r.b))
	} else if r.item(); len(r.b) > 0 {
		r.fail("there is more than it says")
	}
	return r.err
}

func (r *reader) uint() uint64 {
	v, n := binary.Uvarint(r.b)
	return took(r, v, n)
}

func (r *reader) int() int64 {
	v, n := binary.Varint(r.b)
	return took(r, v, n)
}

func took[T int64 | uint64](r *reader, v T, n int) T {
	if n <= 0 {
		r.fail("an item ends early")
		return 0
	}
	r.b = r.b[n:]
	return v
}

// take gives the next n bytes, which stay until the next item; nil after an error.
func (r *reader) take(n uint64) []byte {
	if n > uint64(len(r.b)) {
		r.fail("an item ends early")
		return nil
	}
	b := r.b[:n]
	r.b = r.b[n:]
	return b
}
