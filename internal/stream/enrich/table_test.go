package enrich

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/offheap"
)

func TestReserve(t *testing.T) {
	for _, n := range []int{0, 1, 2, 3, 4, 5, 1000, 1024, 99_999} {
		of := table{memory: offheap.New()}
		of.reserve(n)
		places := len(of.places)
		for i := range n {
			of.add(uint64(i+1) * 0x9e3779b97f4a7c15)
		}
		if len(of.places) != places {
			t.Errorf("room for %d hashes had %d places, and needed %d", n, places, len(of.places))
		}
	}
}

// BenchmarkRestore takes over what a partition of a busy shop remembers.
func BenchmarkRestore(b *testing.B) {
	const ids = 1_000_000
	o := options(b, 2*ids)
	e := New(o)
	for n := range uint64(ids) {
		var id event.ID
		binary.BigEndian.PutUint64(id[:], n)
		e.seen.add(hashOf(id, id), start.Add(time.Duration(n)*time.Millisecond))
	}
	var snapshot bytes.Buffer
	if err := e.Snapshot(&snapshot); err != nil {
		b.Fatal(err)
	}
	b.Run(fmt.Sprintf("ids=%d", ids), func(b *testing.B) {
		b.SetBytes(int64(snapshot.Len()))
		for b.Loop() {
			if err := New(o).Restore(bytes.NewReader(snapshot.Bytes())); err != nil {
				b.Fatal(err)
			}
		}
	})
}
