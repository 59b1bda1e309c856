package checkpointtest

import (
	"bytes"
	"context"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/checkpoint"
)

// long is longer than any beat in a test has to count.
const long = time.Minute

func save(t testing.TB, s checkpoint.Store, key string, c checkpoint.Checkpoint) {
	t.Helper()
	if err := s.Save(t.Context(), key, c); err != nil {
		t.Fatal(err)
	}
}

func expect(t testing.TB, s checkpoint.Store, key string, want checkpoint.Checkpoint) {
	t.Helper()
	got, err := s.Load(t.Context(), key)
	if err != nil || got.Epoch != want.Epoch || got.Version != want.Version || !bytes.Equal(got.Data, want.Data) || !got.Saved.Equal(want.Saved) {
		t.Errorf("%.50q: got epoch %d, version %d, %v, %d bytes, %v; want epoch %d, version %d, %v, %d bytes",
			key, got.Epoch, got.Version, got.Saved, len(got.Data), err, want.Epoch, want.Version, want.Saved, len(want.Data))
	}
}

func testRoundTrip(t *testing.T, s Subject) {
	one, two := s.Open(t, long)
	if _, err := one.Load(t.Context(), "k"); !errors.Is(err, checkpoint.ErrNone) {
		t.Errorf("nothing there: %v", err)
	}
	saved := time.Date(2026, 3, 4, 5, 6, 7, 891000, time.FixedZone("here", 3600))
	for _, c := range []checkpoint.Checkpoint{
		{Epoch: 0, Version: 3, Saved: saved, Data: []byte("any bytes: \x00\xff\n{}\r\n")},
		{Epoch: 0, Version: 3, Saved: saved.Add(time.Second), Data: []byte("of the same epoch")},
		{Epoch: 1, Version: -1, Saved: saved.Add(-time.Hour)},
		{Epoch: math.MaxInt64, Version: math.MaxInt32, Saved: saved, Data: []byte("\n")},
	} {
		save(t, one, "k", c)
		expect(t, two, "k", c)
		expect(t, one, "k", c)
	}
	if got, err := two.Load(t.Context(), "k"); err != nil || got.Saved.Location() != time.UTC {
		t.Errorf("in the zone %v, %v", got.Saved.Location(), err)
	}
	if _, err := one.Load(t.Context(), "K"); !errors.Is(err, checkpoint.ErrNone) {
		t.Errorf("another key: %v", err)
	}
}

func testKeys(t *testing.T, s Subject) {
	one, two := s.Open(t, long)
	keys := []string{
		"", "a", "A", "a/b", "a_b", "../a", ".", "..", "/", "a b", "ñandú", "日本", "a\nb", "a%2Fb", "con", "a.", "-", "\U0010ffff",
		"session/analytics.enriched/7", strings.Repeat("x", 300), strings.Repeat("x", 301), strings.Repeat("x", 2000),
	}
	of := func(i int) checkpoint.Checkpoint {
		return checkpoint.Checkpoint{Epoch: uint64(i), Version: i, Saved: time.UnixMilli(int64(i)), Data: []byte(keys[i])}
	}
	for i, key := range keys {
		save(t, one, key, of(i))
	}
	for i, key := range keys {
		expect(t, two, key, of(i))
	}
}

func testLarge(t *testing.T, s Subject) {
	one, two := s.Open(t, long)
	for n, size := range []int{20 << 20, 1<<20 - 16, 1 << 20, 1<<20 + 16} {
		c := counted(1, uint64(n), size)
		save(t, one, "k", c)
		expect(t, two, "k", c)
	}
}

func testDamage(t *testing.T, s Subject) {
	one, _ := s.Open(t, long)
	save(t, one, "k", counted(7, 1, 3<<20))
	s.Damage(t, one)
	if _, err := one.Load(t.Context(), "k"); !errors.Is(err, checkpoint.ErrDamaged) {
		t.Errorf("damaged: %v", err)
	}
}

func testCancelled(t *testing.T, s Subject) {
	one, _ := s.Open(t, long)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, load := one.Load(ctx, "k")
	_, beat := one.Beat(ctx, checkpoint.Member{ID: "m"})
	for i, err := range []error{load, one.Save(ctx, "k", counted(1, 1, 16)), beat, one.Leave(ctx, "m")} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("call %d: %v", i, err)
		}
	}
	if _, err := one.Load(t.Context(), "k"); !errors.Is(err, checkpoint.ErrNone) {
		t.Errorf("a cancelled save: %v", err)
	}
}
