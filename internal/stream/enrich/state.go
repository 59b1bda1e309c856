package enrich

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
	"time"
)

// stateVersion is that of Snapshot.
const stateVersion = 1

// errState: a snapshot cannot be read.
var errState = errors.New("the checkpoint of the enricher is damaged")

// head is what a snapshot says before its hashes.
type head struct {
	Version                         uint32
	Forgotten                       bool
	Horizon, YoungLatest, OldLatest int64
	At                              int64
	Next                            uint64
	Young, Old                      uint64
}

// hashesAtOnce is how many hashes are written and read at a time.
const hashesAtOnce = 8192

// Snapshot writes the state: about 8 bytes an id that is remembered.
func (e *Enricher) Snapshot(w io.Writer) error {
	sum := crc32.NewIEEE()
	out := bufio.NewWriterSize(io.MultiWriter(w, sum), 8*hashesAtOnce)
	s := e.seen
	err := binary.Write(out, binary.LittleEndian, head{
		Version: stateVersion, Forgotten: s.forgotten, Horizon: s.horizon, YoungLatest: s.youngLatest, OldLatest: s.oldLatest,
		At: e.at.UnixMilli(), Next: e.source.Next, Young: uint64(s.young.count), Old: uint64(s.old.count),
	})
	var bytes [8]byte
	for _, t := range []*table{&s.young, &s.old} {
		for _, hash := range t.places {
			if hash != 0 && err == nil {
				binary.LittleEndian.PutUint64(bytes[:], hash)
				_, err = out.Write(bytes[:])
			}
		}
	}
	if err = errors.Join(err, out.Flush()); err != nil {
		return err
	}
	_, err = w.Write(append(sum.Sum(nil), e.source.Log...))
	return err
}

// Restore takes over what Snapshot wrote. After an error e is as before.
func (e *Enricher) Restore(from io.Reader) error {
	sum := crc32.NewIEEE()
	in := io.TeeReader(from, sum)
	var h head
	if err := binary.Read(in, binary.LittleEndian, &h); err != nil || h.Version != stateVersion {
		return fmt.Errorf("%w: version %d, and this release reads %d", errState, h.Version, stateVersion)
	}
	s := newSeen(2 * e.seen.most)
	s.forgotten, s.horizon, s.youngLatest, s.oldLatest = h.Forgotten, h.Horizon, h.YoungLatest, h.OldLatest
	for _, t := range []struct {
		*table
		count uint64
	}{{&s.young, h.Young}, {&s.old, h.Old}} {
		t.reserve(int(min(t.count, uint64(s.most))))
		if err := t.read(in, t.count); err != nil {
			return err
		}
	}
	want := binary.BigEndian.AppendUint32(nil, sum.Sum32())
	rest, err := io.ReadAll(from)
	if err != nil || !bytes.HasPrefix(rest, want) {
		return fmt.Errorf("%w: the checksum is another one", errors.Join(errState, err))
	}
	e.seen, e.at = s, time.UnixMilli(h.At).UTC()
	e.source.Next, e.source.Log = h.Next, string(rest[len(want):])
	return nil
}

// read adds so many hashes.
func (t *table) read(from io.Reader, count uint64) error {
	buffer := make([]byte, 8*min(count, hashesAtOnce))
	for count > 0 {
		part := buffer[:8*min(count, hashesAtOnce)]
		if _, err := io.ReadFull(from, part); err != nil {
			return fmt.Errorf("%w: %w", errState, err)
		}
		for hash := range slices.Chunk(part, 8) {
			hash := binary.LittleEndian.Uint64(hash)
			if hash == 0 || t.has(hash) {
				return fmt.Errorf("%w: an id is there twice", errState)
			}
			t.add(hash)
		}
		count -= uint64(len(part)) / 8
	}
	return nil
}
