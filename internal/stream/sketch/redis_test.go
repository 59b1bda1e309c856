package sketch

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/tiendi/tiendi/internal/cache/cachetest"
)

func connect(t *testing.T) *redis.Client {
	c := redis.NewClient(&redis.Options{Addr: cachetest.Start(t)})
	t.Cleanup(func() { c.Close() })
	return c
}

// elements are texts of all lengths that a hash treats differently.
func elements(from, to int) (all []any) {
	for i := from; i < to; i++ {
		all = append(all, fmt.Sprintf("%d%.*s", i, i%17, "a visitor of the shop"))
	}
	return all
}

func of(all []any) *Sketch {
	s := new(Sketch)
	for _, e := range all {
		s.Add(Hash([]byte(e.(string))))
	}
	return s
}

// add adds elements in Redis, which takes so many at once.
func add(t *testing.T, c *redis.Client, key string, all []any) {
	t.Helper()
	if len(all) == 0 {
		must(t, c.PFAdd(t.Context(), key).Err())
	}
	for chunk := range slices.Chunk(all, 10_000) {
		must(t, c.PFAdd(t.Context(), key, chunk...).Err())
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func count(t *testing.T, c *redis.Client, keys ...string) uint64 {
	t.Helper()
	n, err := c.PFCount(t.Context(), keys...).Result()
	must(t, err)
	return uint64(n)
}

// unread takes the cached count out.
func unread(b []byte) []byte {
	b = slices.Clone(b)
	copy(b[8:headerSize], []byte{0, 0, 0, 0, 0, 0, 0, staleCount})
	return b
}

func TestRedisCountsTheSame(t *testing.T) {
	c := connect(t)
	ctx := t.Context()
	for _, n := range []int{0, 1, 2, 10, 50, 900, 1000, 1100, 5000, 100_000} {
		theirs, ours := fmt.Sprint("theirs ", n), fmt.Sprint("ours ", n)
		s := of(elements(0, n))
		add(t, c, theirs, elements(0, n))
		if got, want := s.Count(), count(t, c, theirs); got != want {
			t.Errorf("%d elements: we count %d, Redis %d", n, got, want)
		}
		must(t, c.Set(ctx, ours, s.AppendRedis(nil), 0).Err())
		if got, want := count(t, c, ours), s.Count(); got != want {
			t.Errorf("%d elements of ours: Redis counts %d, we %d", n, got, want)
		}
		stored, err := c.Get(ctx, theirs).Bytes()
		must(t, err)
		if parsed, err := Parse(stored); err != nil || !slices.Equal(parsed.words, s.words) {
			t.Errorf("%d elements: Redis has other registers than we (%v)", n, err)
		}
		// Redis keeps what it grew itself in its short form a little longer or
		// shorter than we do; in one form the bytes are the same.
		if b := s.AppendRedis(nil); b[encodingAt] == stored[encodingAt] && !bytes.Equal(b, unread(stored)) {
			t.Errorf("%d elements: other bytes: %d, of Redis %d", n, len(b), len(stored))
		}
	}
}

func TestRedisMerges(t *testing.T) {
	c := connect(t)
	ctx := t.Context()
	for _, n := range []int{0, 3, 700, 4000, 100_000} {
		add(t, c, "theirs", elements(n/2, n+5))
		ours := of(elements(0, n))
		must(t, c.Set(ctx, "ours", ours.AppendRedis(nil), 0).Err())
		must(t, c.PFMerge(ctx, "both", "ours", "theirs").Err())
		ours.Merge(of(elements(n/2, n+5)))
		for _, got := range []uint64{count(t, c, "both"), count(t, c, "ours", "theirs")} {
			if got != ours.Count() {
				t.Errorf("%d elements: merged, Redis counts %d, we %d", n, got, ours.Count())
			}
		}
		must(t, c.Del(ctx, "both", "theirs").Err())
	}
}

// TestRedisHighRanks sets registers that no element of a test would reach.
func TestRedisHighRanks(t *testing.T) {
	c := connect(t)
	ctx := t.Context()
	for _, n := range []int{1, 40, 900, registers} {
		s := new(Sketch)
		for i := range n {
			s.raise(uint32(i), uint8(1+rand.IntN(maxRank)))
		}
		s.raise(registers-1, maxRank)
		must(t, c.Set(ctx, "high", s.AppendRedis(nil), 0).Err())
		if got, want := count(t, c, "high"), s.Count(); got != want {
			t.Errorf("%d registers: Redis counts %d, we %d", n, got, want)
		}
	}
}
