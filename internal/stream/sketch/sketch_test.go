package sketch

import (
	"encoding/binary"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestAgainstRegisters holds a sketch against an array of registers, by Add, Merge
// and what was written.
func TestAgainstRegisters(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{0, 1, 5, 1000, 1500, 40_000} {
		var want [registers]uint8
		var s, left, right Sketch
		for i := range n {
			h := r.Uint64() << (r.IntN(4) * 8) // low bytes of zeros share registers
			register, rank := place(h)
			if got := s.Add(h); got != (rank > want[register]) {
				t.Fatalf("changed: %v", got)
			}
			want[register] = max(want[register], rank)
			[]*Sketch{&left, &right}[i%2].Add(h)
		}
		left.Merge(&right)
		back, err := Parse(s.AppendRedis([]byte("before"))[len("before"):])
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range []*Sketch{&s, &left, back} {
			var got [registers]uint8
			x.each(func(register uint32, rank uint8) { got[register] = rank })
			if got != want || !slices.Equal(x.words, s.words) {
				t.Errorf("%d hashes: other registers", n)
			}
		}
	}
}

// TestRuns writes runs of every rank and length, side by side and apart.
func TestRuns(t *testing.T) {
	for rank := range uint8(maxRank) {
		var s Sketch
		next := uint32(0)
		for length := range uint32(6) {
			for range length {
				s.raise(next, rank+1)
				next++
			}
			next += length * 50
		}
		s.raise(registers-1, rank+1)
		back, err := Parse(s.AppendRedis(nil))
		if err != nil || !slices.Equal(back.words, s.words) {
			t.Errorf("rank %d: other registers (%v)", rank+1, err)
		}
	}
}

// TestMerge holds what two sketches of any sizes make together against one of all elements.
func TestMerge(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	sizes := []int{0, 1, 700, 1100, 50_000}
	for _, left := range sizes {
		for _, right := range sizes {
			var a, b, all Sketch
			for i := range left + right {
				h := r.Uint64()
				all.Add(h)
				if i < left {
					a.Add(h)
				} else {
					b.Add(h)
				}
			}
			if a.Merge(&b); !slices.Equal(a.words, all.words) {
				t.Errorf("%d elements and %d: other registers", left, right)
			}
		}
	}
}

func TestError(t *testing.T) {
	var s Sketch
	for n := uint64(1); n <= 1_000_000; n++ {
		s.Add(Hash(binary.LittleEndian.AppendUint64(nil, n)))
		if n == 10 || n == 1000 || n == 30_000 || n == 1_000_000 {
			// Four times the standard error, 1.04/√m.
			if off := float64(s.Count())/float64(n) - 1; math.Abs(off) > 4*1.04/128 {
				t.Errorf("%d elements are counted as %d", n, s.Count())
			}
		}
	}
}

func TestDamage(t *testing.T) {
	var small, large Sketch
	for i := range uint64(5000) {
		large.Add(Hash(binary.LittleEndian.AppendUint64(nil, i)))
		if i < 5 {
			small.Add(Hash(binary.LittleEndian.AppendUint64(nil, i)))
		}
	}
	for _, good := range [][]byte{small.AppendRedis(nil), large.AppendRedis(nil)} {
		for n := range good {
			if _, err := Parse(good[:n]); !errors.Is(err, ErrFormat) {
				t.Fatalf("%d of %d bytes: %v", n, len(good), err)
			}
		}
		if _, err := Parse(append(good, 0)); !errors.Is(err, ErrFormat) {
			t.Errorf("a byte too many: %v", err)
		}
		good[encodingAt] = 2
		if _, err := Parse(good); !errors.Is(err, ErrFormat) {
			t.Errorf("another encoding: %v", err)
		}
	}
	dense := large.AppendRedis(nil)
	dense[headerSize] = 0xff
	if _, err := Parse(dense); !errors.Is(err, ErrFormat) {
		t.Errorf("a register of 63: %v", err)
	}
}

func FuzzParse(f *testing.F) {
	s := new(Sketch)
	for i := range 3000 {
		if i == 0 || i == 7 || i == 1000 || i == 2999 {
			f.Add(s.AppendRedis(nil))
		}
		s.Add(Hash([]byte{byte(i), byte(i >> 8)}))
	}
	s = new(Sketch)
	s.raise(5, maxRank)
	f.Add(s.AppendRedis(nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := Parse(b)
		if err != nil {
			if !errors.Is(err, ErrFormat) {
				t.Error(err)
			}
			return
		}
		back, err := Parse(s.AppendRedis(nil))
		if err != nil || !slices.Equal(back.words, s.words) || back.Count() != s.Count() {
			t.Errorf("parsed, written, parsed: %v", err)
		}
		before := slices.Clone(s.words)
		if s.Merge(back); !slices.Equal(s.words, before) {
			t.Error("merged with itself it is another")
		}
	})
}

func BenchmarkSketch(b *testing.B) {
	for _, size := range []struct {
		name string
		n    int
	}{{"3", 3}, {"800", 800}, {"100000", 100_000}} {
		hashes := make([]uint64, size.n)
		var s Sketch
		for i := range hashes {
			hashes[i] = rand.Uint64()
			s.Add(hashes[i])
		}
		b.Run("add/"+size.name, func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				s.Add(hashes[i%size.n])
			}
		})
		b.Run("count/"+size.name, func(b *testing.B) {
			for b.Loop() {
				s.Count()
			}
		})
		b.Run("write/"+size.name, func(b *testing.B) {
			var buf []byte
			for b.Loop() {
				buf = s.AppendRedis(buf[:0])
			}
			b.ReportMetric(float64(len(buf)), "bytes")
		})
		b.Run("parse/"+size.name, func(b *testing.B) {
			written := s.AppendRedis(nil)
			for b.Loop() {
				if _, err := Parse(written); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run("merge/"+size.name, func(b *testing.B) {
			var other Sketch
			for range size.n {
				other.Add(rand.Uint64())
			}
			for b.Loop() {
				into := Sketch{slices.Clone(s.words)}
				into.Merge(&other)
			}
		})
	}
}
