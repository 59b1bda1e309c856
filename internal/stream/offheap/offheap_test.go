package offheap_test

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/stream/offheap"
)

// TestSlab changes pieces at random, and holds each against a copy of its own.
func TestSlab(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Log("seed", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	type piece struct {
		block offheap.Block
		want  []byte
	}
	s := offheap.NewSlab(offheap.New())
	pieces := make([]piece, 2000)
	for range 200_000 {
		p := &pieces[random.IntN(len(pieces))]
		size := random.IntN(200)
		switch random.IntN(20) {
		case 0:
			size = 0
		case 1:
			size = random.IntN(offheap.MaxBlock + 1)
		}
		next := make([]byte, size)
		for i := range next {
			next[i] = byte(random.Uint32())
		}
		if got := s.Bytes(p.block, len(p.want)); !bytes.Equal(got, p.want) {
			t.Fatalf("%d bytes are others", len(p.want))
		}
		p.block, p.want = s.Put(p.block, len(p.want), next), next
	}
	for _, p := range pieces {
		if got := s.Bytes(p.block, len(p.want)); !bytes.Equal(got, p.want) {
			t.Fatalf("in the end %d bytes are others", len(p.want))
		}
	}
}

// TestWords changes lists of numbers at random, in their blocks as far as these have room.
func TestWords(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	type list struct {
		block offheap.Block
		want  []uint32
	}
	s := offheap.NewSlab(offheap.New())
	lists, moved := make([]list, 500), 0
	for range 100_000 {
		l := &lists[random.IntN(len(lists))]
		words := s.Words(l.block, len(l.want))
		if !slices.Equal(words, l.want) {
			t.Fatalf("%d numbers are others", len(l.want))
		}
		before, was := l.block, len(words)
		switch n := random.Uint32(); {
		case len(words) > 0 && n%8 == 0:
			words[int(n)%len(words)] = n
			l.want[int(n)%len(words)] = n
		case len(words) == offheap.MaxBlock/4 || n%200 == 0:
			words, l.want = nil, nil
		default:
			words, l.want = slices.Insert(words, len(words)/2, n), slices.Insert(l.want, len(words)/2, n)
		}
		l.block = s.PutWords(before, was, words)
		if l.block != before {
			moved++
		}
	}
	if moved == 0 || moved > 50_000 {
		t.Errorf("%d of 100,000 changes moved a list", moved)
	}
}

func TestSlice(t *testing.T) {
	m := offheap.New()
	type pair struct {
		a uint64
		b [3]byte
	}
	all := offheap.Slice[pair](m, 1000)
	for i := range all {
		if all[i] != (pair{}) {
			t.Fatal("it is not zero")
		}
		all[i] = pair{uint64(i), [3]byte{byte(i)}}
	}
	for i := range all {
		if all[i].a != uint64(i) {
			t.Fatal("it was overwritten")
		}
	}
	offheap.Free(m, all)
	if none := offheap.Slice[pair](m, 0); none != nil {
		t.Error("something of nothing")
	}
	offheap.Free[pair](m, nil)
	defer func() {
		if recover() == nil {
			t.Error("pointers are hidden from the collector")
		}
	}()
	offheap.Slice[struct{ a [2]string }](m, 1)
}
