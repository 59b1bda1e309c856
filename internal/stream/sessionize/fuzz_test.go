package sessionize

import (
	"bytes"
	"encoding/binary"
	"errors"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/stream/record"
)

// FuzzRestore gives the contents of blocks whose checksums fit: what is no snapshot is
// refused, and what is taken for one can be worked with.
func FuzzRestore(f *testing.F) {
	for _, seed := range [][]byte{snapshot(f, newSessionizer(f, shopOptions())), snapshot(f, someState(f, 3))} {
		var parts [3][]byte
		for i, part := 0, 0; part < len(parts); {
			size := int(binary.LittleEndian.Uint32(seed[i:]))
			parts[part] = append(parts[part], seed[i+8:i+8+size]...)
			if i += 8 + size; size == 0 {
				part++
			}
		}
		f.Add(parts[0], parts[1], parts[2])
	}
	f.Fuzz(func(t *testing.T, head, visitors, names []byte) {
		var b bytes.Buffer
		w := &blockWriter{w: &b}
		for _, part := range [][]byte{head, visitors, names} {
			w.b = append(w.b, part...)
			w.end()
		}
		s := newSessionizer(t, shopOptions())
		if err := s.Restore(&b); err != nil {
			if !errors.Is(err, ErrSnapshot) && !errors.Is(err, ErrOptions) {
				t.Error(err)
			}
			return
		}
		once := snapshot(t, s)
		if again := snapshot(t, restored(t, shopOptions(), once)); !bytes.Equal(again, once) {
			t.Error("restored, written, restored it is another")
		}
		discard := func([]record.Session) error { return nil }
		for _, at := range []time.Time{start, start.Add(200 * time.Hour)} {
			s.Fold(&record.Batch{At: at, Events: []record.Event{an("page_view", at.Sub(start).Seconds())}}, 1<<40)
			if err := s.Flush(true, discard); err != nil {
				t.Error(err)
			}
		}
	})
}
