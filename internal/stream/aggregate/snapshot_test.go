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

// TestSnapshotHoldsUnsent: whoever restores a snapshot sends what its writer had still
// to send, and nothing that went already.
func TestSnapshotHoldsUnsent(t *testing.T) {
	log := someLog(rand.New(rand.NewPCG(5, 6)), 60)
	a := New(someOptions())
	unsent := 0
	for i := range log {
		a.Fold(&log[i], uint64(i))
		if i%3 == 0 {
			flush(t, a, i%30 == 0)
		}
		b := New(someOptions())
		snapshot := snapshotOf(t, a)
		if err := b.Restore(bytes.NewReader(snapshot)); err != nil || !bytes.Equal(snapshotOf(t, b), snapshot) {
			t.Fatalf("after batch %d: restored, it is another (%v)", i, err)
		}
		c := New(someOptions())
		if err := c.Restore(bytes.NewReader(snapshot)); err != nil {
			t.Fatal(err)
		}
		want := a.Stats().Unsent
		if got := flush(t, c, true); len(got) != want {
			t.Errorf("after batch %d: %d windows are sent, and %d were not", i, len(got), want)
		}
		unsent = max(unsent, want)
	}
	if unsent == 0 {
		t.Error("nothing was ever unsent")
	}
}

// TestSnapshotOfBefore: version 1 had been flushed, and no bits of what is unsent.
func TestSnapshotOfBefore(t *testing.T) {
	a := someState(t, 20)
	old := snapshotOf(t, a)
	old[sectionHead] = 1
	n := binary.LittleEndian.Uint32(old)
	binary.LittleEndian.PutUint32(old[4:], crc32.Checksum(old[sectionHead:sectionHead+n], castagnoli))
	b := New(someOptions())
	if err := b.Restore(bytes.NewReader(old)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(snapshotOf(t, b), snapshotOf(t, a)) || b.Stats().Unsent != 0 {
		t.Errorf("it is another state, with %d windows to be sent", b.Stats().Unsent)
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
