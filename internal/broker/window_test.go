package broker

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestWindow sends sequences out of order and twice, no further apart than allowed:
// each counts once.
func TestWindow(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, first := range []uint64{1, 2, Window, 1 << 40} {
		var w window
		var waiting []uint64
		next, seen := first, map[uint64]bool{}
		for range 20_000 {
			if len(waiting) == 0 || random.IntN(2) == 0 && next < waiting[0]+Window-1 {
				waiting = append(waiting, next)
				next++
			}
			at := random.IntN(len(waiting))
			n := waiting[at]
			if isNew := w.add(n); isNew == seen[n] {
				t.Fatalf("from %d: sequence %d is new: %v, was seen: %v", first, n, isNew, seen[n])
			}
			seen[n] = true
			if random.IntN(3) > 0 {
				waiting = slices.Delete(waiting, at, at+1)
			}
		}
	}
}

func TestProgressIsBounded(t *testing.T) {
	var p Progress
	for n := range uint64(3 * maxProducers) {
		header := Header{Producer: string(rune('a'+n%26)) + string(rune(0x4e00+n)), Sequence: n + 1, Count: 1}
		if v := p.take(Stored{Offset: n, Message: Message{Header: header}}); v != deliver {
			t.Fatalf("message %d: verdict %d", n, v)
		}
	}
	if len(p.Producers) != maxProducers {
		t.Errorf("%d producers are kept", len(p.Producers))
	}
	text, err := json.Marshal(p)
	if err != nil || len(text) > 400*maxProducers {
		t.Errorf("%d bytes, %v", len(text), err)
	}
}

// TestEpochs reads what an earlier owner left behind newer claims.
func TestEpochs(t *testing.T) {
	claim := func(epoch uint64) Header { return Header{Kind: KindClaim, Producer: "p", Epoch: epoch} }
	batch := func(epoch, sequence uint64) Header { return Header{Producer: "p", Epoch: epoch, Sequence: sequence} }
	var p Progress
	for n, step := range []struct {
		header Header
		want   verdict
	}{
		{Header{Kind: KindBirth}, hidden},
		{Header{Kind: KindBid, Producer: "p"}, hidden},
		{claim(5), deliver},
		{batch(5, 1), deliver},
		{batch(5, 1), doubled},
		{claim(5), stale},
		{claim(9), deliver},
		{batch(5, 2), stale},
		{claim(7), stale},
		{batch(9, 1), deliver},
		{Header{}, stale},
		{batch(12, 1), deliver}, // its claim was trimmed
		{batch(9, 2), stale},
	} {
		if got := p.take(Stored{Offset: uint64(n), Message: Message{Header: step.header}}); got != step.want {
			t.Errorf("step %d, %s: verdict %d, want %d", n, step.header, got, step.want)
		}
	}
}
