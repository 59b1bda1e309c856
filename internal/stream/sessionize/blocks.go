package sessionize

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
)

// A snapshot is written in blocks of some 256 KB, so that neither side needs room
// for all of it: length and CRC-32C, four bytes each, little endian, and the data.
// No value lies across two blocks. An empty block ends each of its parts.

const (
	blockSize = 256 << 10
	// maxBlock bounds what is read at once: the last value of a block may be one of
	// maxHeld events with long texts.
	maxBlock = 64 << 20
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

type blockWriter struct {
	w   io.Writer
	b   []byte
	err error // the first; nothing is written after it
}

func (w *blockWriter) flush() {
	head := binary.LittleEndian.AppendUint32(nil, uint32(len(w.b)))
	head = binary.LittleEndian.AppendUint32(head, crc32.Checksum(w.b, castagnoli))
	for _, part := range [...][]byte{head, w.b} {
		if w.err == nil {
			_, w.err = w.w.Write(part)
		}
	}
	w.b = w.b[:0]
}

func (w *blockWriter) endIfLarge() {
	if len(w.b) >= blockSize {
		w.flush()
	}
}

// end ends a part.
func (w *blockWriter) end() {
	if len(w.b) > 0 {
		w.flush()
	}
	w.flush()
}

// readPart calls use with each value of a part until it is at its end. use gives
// false where it cannot read the value; the bytes are used again after it.
func readPart(r io.Reader, use func(p *packed) bool) error {
	var block bytes.Buffer
	for {
		if err := readBlock(r, &block); err != nil {
			return fmt.Errorf("%w: %w; use the snapshot before it", ErrSnapshot, err)
		}
		if block.Len() == 0 {
			return nil
		}
		for p := (packed{b: block.Bytes()}); len(p.b) > 0; {
			if !use(&p) || p.bad {
				return fmt.Errorf("%w: a block has other contents than it should; use the snapshot before it", ErrSnapshot)
			}
		}
	}
}

func readBlock(r io.Reader, block *bytes.Buffer) error {
	var head [8]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return fmt.Errorf("reading a block's head: %w", err)
	}
	size := binary.LittleEndian.Uint32(head[:])
	if size > maxBlock {
		return fmt.Errorf("a block of %d bytes, and %d is the most", size, maxBlock)
	}
	block.Reset()
	if n, err := io.CopyN(block, r, int64(size)); err != nil {
		return fmt.Errorf("a block of %d bytes ends after %d: %w", size, n, err)
	}
	if crc32.Checksum(block.Bytes(), castagnoli) != binary.LittleEndian.Uint32(head[4:]) {
		return errors.New("the checksum of a block is wrong")
	}
	return nil
}
