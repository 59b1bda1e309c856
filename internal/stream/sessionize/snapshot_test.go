package sessionize

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/stream/record"
)

// someState has so many visitors, of every sort: with a front, with a summed-up one,
// plain.
func someState(t testing.TB, visitors int) *Sessionizer {
	t.Helper()
	o := shopOptions()
	s := newSessionizer(t, o)
	w := newWorld(5)
	w.o = o
	var all []record.Event
	for id := range visitors {
		at := start.Add(24 * time.Hour)
		gap := 25 * time.Minute
		switch id {
		case 0:
			at = start.Add(10 * time.Minute)
		case 1:
			gap = time.Second
		}
		for range 1200 {
			if at = at.Add(gap); at.Sub(start) < 24*time.Hour+20*time.Minute || id > 1 && len(all)%5 > 0 {
				e := w.event([16]byte{1, byte(id)}, at)
				e.Bot, e.Unsettled = false, false
				all = append(all, e)
			}
		}
	}
	for i, b := range w.batches(all, o.Lateness) {
		if b.Kind == record.Data {
			s.Fold(&b, uint64(i))
		}
	}
	flush(t, s, newSink(t))
	return s
}

func TestSnapshot(t *testing.T) {
	s := newSessionizer(t, shopOptions())
	if again := restored(t, shopOptions(), snapshot(t, s)); !again.Watermark().IsZero() {
		t.Errorf("one that saw nothing comes back with a watermark of %v", again.Watermark())
	}
	s.Fold(&record.Batch{At: start, Events: []record.Event{an("page_view", 0)}}, 1)
	s.Fold(&record.Batch{At: start, Events: []record.Event{an("page_view", 3*24*60)}}, 2)
	if err := s.Snapshot(&bytes.Buffer{}); !errors.Is(err, ErrUnflushed) {
		t.Errorf("a snapshot before the flush: %v, want ErrUnflushed", err)
	}
	s = someState(t, 50)
	want := snapshot(t, s)
	again := restored(t, shopOptions(), want)
	if got := snapshot(t, again); !bytes.Equal(got, want) || again.Stats() != s.Stats() || !again.Watermark().Equal(s.Watermark()) {
		t.Errorf("restored it is %+v, want %+v, and the same snapshot", again.Stats(), s.Stats())
	}
	if err := s.Snapshot(failing{}); !errors.Is(err, errSend) {
		t.Errorf("a writer that fails: %v", err)
	}
	other := shopOptions()
	other.Timeout++
	if err := newSessionizer(t, other).Restore(bytes.NewReader(want)); !errors.Is(err, ErrOptions) {
		t.Errorf("with another timeout: %v, want ErrOptions", err)
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, errSend }

// TestSnapshotDamage cuts and changes bytes: an error each time, never a panic, and
// the Sessionizer is as it was.
func TestSnapshotDamage(t *testing.T) {
	whole := snapshot(t, someState(t, 50))
	s := newSessionizer(t, shopOptions())
	for i := 0; i < len(whole); i += 1 + len(whole)/997 {
		if err := s.Restore(bytes.NewReader(whole[:i])); !errors.Is(err, ErrSnapshot) {
			t.Fatalf("%d bytes of %d: %v, want ErrSnapshot", i, len(whole), err)
		}
		bad := bytes.Clone(whole)
		bad[i] ^= 0x10
		if err := s.Restore(bytes.NewReader(bad)); !errors.Is(err, ErrSnapshot) {
			t.Fatalf("byte %d changed: %v, want ErrSnapshot", i, err)
		}
	}
	if got := s.Stats(); got != (Stats{}) {
		t.Errorf("after errors it holds %+v", got)
	}
}

func TestOtherVersion(t *testing.T) {
	b := []byte{snapshotVersion + 1}
	head := binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(nil, 1), crc32.Checksum(b, castagnoli))
	whole := append(append(head, b...), make([]byte, 8)...)
	if err := newSessionizer(t, shopOptions()).Restore(bytes.NewReader(whole)); !errors.Is(err, ErrSnapshot) {
		t.Errorf("%v, want ErrSnapshot", err)
	}
}
