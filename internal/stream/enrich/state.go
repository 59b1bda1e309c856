package enrich

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
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

// Snapshot writes the state: about 8 bytes an id that is remembered.
func (e *Enricher) Snapshot(w io.Writer) error {
	sum := crc32.NewIEEE()
	out := io.MultiWriter(w, sum)
	s := e.seen
	err := binary.Write(out, binary.LittleEndian, head{
		Version: stateVersion, Forgotten: s.forgotten, Horizon: s.horizon, YoungLatest: s.youngLatest, OldLatest: s.oldLatest,
		At: e.at.UnixMilli(), Next: e.source.Next, Young: uint64(s.young.count), Old: uint64(s.old.count),
	})
	var buffer []byte
	for _, t := range []*table{&s.young, &s.old} {
		buffer = buffer[:0]
		for _, hash := range t.places {
			if hash != 0 {
				buffer = binary.LittleEndian.AppendUint64(buffer, hash)
			}
		}
		_, wrote := out.Write(buffer)
		err = errors.Join(err, wrote)
	}
	_, wrote := w.Write(append(sum.Sum(nil), e.source.Log...))
	return errors.Join(err, wrote)
}

// Restore takes over what Snapshot wrote.
func (e *Enricher) Restore(data []byte) error {
	var h head
	if err := binary.Read(bytes.NewReader(data), binary.LittleEndian, &h); err != nil || h.Version != stateVersion {
		return fmt.Errorf("%w: version %d, and this release reads %d", errState, h.Version, stateVersion)
	}
	size := binary.Size(h)
	hashes := uint64(len(data)-size) / 8
	if h.Young > hashes || h.Old > hashes-h.Young {
		return fmt.Errorf("%w: %d bytes are too few", errState, len(data))
	}
	end := size + 8*int(h.Young+h.Old)
	if len(data) < end+crc32.Size || crc32.ChecksumIEEE(data[:end]) != binary.BigEndian.Uint32(data[end:]) {
		return fmt.Errorf("%w: the checksum is another one", errState)
	}
	s := newSeen(2 * e.seen.most)
	s.forgotten, s.horizon, s.youngLatest, s.oldLatest = h.Forgotten, h.Horizon, h.YoungLatest, h.OldLatest
	data, log := data[size:end], data[end+crc32.Size:]
	for i := range h.Young + h.Old {
		t := &s.young
		if i >= h.Young {
			t = &s.old
		}
		hash := binary.LittleEndian.Uint64(data[8*i:])
		if hash == 0 || t.has(hash) {
			return fmt.Errorf("%w: an id is there twice", errState)
		}
		t.add(hash)
	}
	e.seen, e.at = s, time.UnixMilli(h.At).UTC()
	e.source.Next, e.source.Log = h.Next, string(log)
	return nil
}
