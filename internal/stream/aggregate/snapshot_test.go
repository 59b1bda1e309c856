package aggregate

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"testing"
	"testing/iotest"
	"time"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// someState is an Aggregator of which all is sent.
func someState(t testing.TB, batches int) *Aggregator {
	log := someLog(rand.New(rand.NewPCG(5, 6)), batches)
	a := New(someOptions())
	for i := range log {
		a.Fold(&log[i], uint64(i))
	}
	if err := a.Flush(true, func([]record.Update) error { return nil }); err != nil {
		t.Fatal(err)
	}
	return a
}

func snapshotOf(t testing.TB, a *Aggregator) []byte {
	var b bytes.Buffer
	if err := a.Snapshot(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestSnapshotNeedsAFlush(t *testing.T) {
	a := New(someOptions())
	if err := New(someOptions()).Restore(bytes.NewReader(snapshotOf(t, a))); err != nil {
		t.Errorf("of nothing: %v", err)
	}
	e := record.Event{}
	e.Type, e.Timestamp = event.PageView, begin
	a.Fold(&record.Batch{At: begin, Events: []record.Event{e}}, 1)
	if err := a.Snapshot(io.Discard); !errors.Is(err, ErrUnsent) {
		t.Errorf("a snapshot with something unsent: %v", err)
	}
}

func TestDamagedSnapshots(t *testing.T) {
	good := snapshotOf(t, someState(t, 6))
	a := someState(t, 60)
	before := snapshotOf(t, a)
	refused := func(b []byte) {
		t.Helper()
		if err := a.Restore(bytes.NewReader(b)); !errors.Is(err, ErrSnapshot) {
			t.Errorf("%d bytes: %v", len(b), err)
		}
	}
	for n := range good {
		refused(good[:n])
		bad := bytes.Clone(good)
		bad[n] ^= 0x10
		refused(bad)
	}
	if !bytes.Equal(snapshotOf(t, a), before) {
		t.Error("what was refused left something behind")
	}
	elsewhere := New(someOptions())
	elsewhere.options.Location = time.UTC
	if err := elsewhere.Restore(bytes.NewReader(good)); !errors.Is(err, ErrSnapshot) {
		t.Errorf("another time zone: %v", err)
	}
	no := errors.New("no")
	if err := a.Restore(iotest.ErrReader(no)); !errors.Is(err, no) || errors.Is(err, ErrSnapshot) {
		t.Errorf("a reader's error: %v", err)
	}
	r, w := io.Pipe()
	r.CloseWithError(no)
	if err := a.Snapshot(w); !errors.Is(err, no) {
		t.Errorf("a writer's error: %v", err)
	}
}

// FuzzRestore gives items of one section with a checksum that fits.
func FuzzRestore(f *testing.F) {
	good := snapshotOf(f, someState(f, 3))
	f.Add(good[sectionHead : len(good)-sectionHead])
	f.Fuzz(func(t *testing.T, items []byte) {
		var b []byte
		for _, section := range [][]byte{items, nil} {
			b = binary.LittleEndian.AppendUint32(b, uint32(len(section)))
			b = binary.LittleEndian.AppendUint32(b, crc32.Checksum(section, castagnoli))
			b = append(b, section...)
		}
		a := New(someOptions())
		if err := a.Restore(bytes.NewReader(b)); err != nil {
			if !errors.Is(err, ErrSnapshot) {
				t.Error(err)
			}
			return
		}
		once := snapshotOf(t, a)
		if err := a.Restore(bytes.NewReader(once)); err != nil || !bytes.Equal(snapshotOf(t, a), once) {
			t.Errorf("restored, written, restored: %v", err)
		}
		a.Fold(&record.Batch{At: begin, Events: []record.Event{someEvent(rand.New(rand.NewPCG(1, 1)), begin)}}, 1)
		flush(t, a, true)
	})
}
