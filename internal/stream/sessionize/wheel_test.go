package sessionize

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"

	"github.com/tiendi/tiendi/internal/event"
)

// TestWheel has visitors come, be due earlier, wake and go at random, and holds who wakes
// when against a plain list.
func TestWheel(t *testing.T) {
	for seed := range uint64(50) {
		r := rand.New(rand.NewPCG(seed, 1))
		v, w, want := newVisitors(), newWheel(), map[event.ID]int64{}
		watermark, made := int64(r.IntN(10_000)-5000), uint64(0)
		reach := 1 + r.Int64N(20_000)
		for range 3000 {
			if r.IntN(3) > 0 {
				made++
				var id event.ID
				binary.BigEndian.PutUint64(id[8:], made)
				want[id] = watermark + r.Int64N(reach)
				w.push(&v, v.add(id), want[id])
			}
			for id, due := range want { // any one
				if i, _ := v.find(id); r.IntN(2) == 0 {
					want[id] = due - r.Int64N(3000)
					w.push(&v, i, want[id])
				}
				break
			}
			if r.IntN(5) > 0 {
				continue
			}
			watermark += r.Int64N(2000) * r.Int64N(4)
			for i, due := w.pop(&v, watermark); due; i, due = w.pop(&v, watermark) {
				id := v.at(i).id
				if at, known := want[id]; !known || at >= watermark {
					t.Fatalf("seed %d: at %d somebody wakes who is due at %d (known: %v)", seed, watermark, at, known)
				}
				if delete(want, id); r.IntN(2) == 0 {
					want[id] = watermark + r.Int64N(reach)
					w.push(&v, i, want[id])
				} else {
					v.remove(i)
				}
			}
			for id, at := range want {
				if at < watermark {
					t.Fatalf("seed %d: at %d %v sleeps on, who is due at %d", seed, watermark, id, at)
				}
			}
		}
		if len(want) != v.count() {
			t.Errorf("seed %d: %d visitors are left, want %d", seed, v.count(), len(want))
		}
	}
}
