package checkpointtest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/checkpoint"
)

// long is longer than any beat in a test has to count.
const long = time.Minute

func save(t testing.TB, s checkpoint.Store, key string, c checkpoint.Checkpoint, data []byte) {
	t.Helper()
	if err := checkpoint.SaveBytes(t.Context(), s, key, c, data); err != nil {
		t.Fatal(err)
	}
}

func expect(t testing.TB, s checkpoint.Store, key string, want checkpoint.Checkpoint, data []byte) {
	t.Helper()
	got, there, err := checkpoint.LoadBytes(t.Context(), s, key)
	if err != nil || got.Epoch != want.Epoch || got.Version != want.Version || !bytes.Equal(there, data) || !got.Saved.Equal(want.Saved) {
		t.Errorf("%.50q: got epoch %d, version %d, %v, %d bytes, %v; want epoch %d, version %d, %v, %d bytes",
			key, got.Epoch, got.Version, got.Saved, len(there), err, want.Epoch, want.Version, want.Saved, len(data))
	}
}

func testRoundTrip(t *testing.T, s Subject) {
	one, two := s.Open(t, long)
	if err := one.Load(t.Context(), "k", discard); !errors.Is(err, checkpoint.ErrNone) {
		t.Errorf("nothing there: %v", err)
	}
	saved := time.Date(2026, 3, 4, 5, 6, 7, 891000, time.FixedZone("here", 3600))
	for _, c := range []struct {
		checkpoint.Checkpoint
		data string
	}{
		{checkpoint.Checkpoint{Epoch: 0, Version: 3, Saved: saved}, "any bytes: \x00\xff\n{}\r\n"},
		{checkpoint.Checkpoint{Epoch: 0, Version: 3, Saved: saved.Add(time.Second)}, "of the same epoch"},
		{checkpoint.Checkpoint{Epoch: 1, Version: -1, Saved: saved.Add(-time.Hour)}, ""},
		{checkpoint.Checkpoint{Epoch: math.MaxInt64, Version: math.MaxInt32, Saved: saved}, "\n"},
	} {
		save(t, one, "k", c.Checkpoint, []byte(c.data))
		expect(t, two, "k", c.Checkpoint, []byte(c.data))
		expect(t, one, "k", c.Checkpoint, []byte(c.data))
	}
	if got, _, err := checkpoint.LoadBytes(t.Context(), two, "k"); err != nil || got.Saved.Location() != time.UTC {
		t.Errorf("in the zone %v, %v", got.Saved.Location(), err)
	}
	if err := one.Load(t.Context(), "K", discard); !errors.Is(err, checkpoint.ErrNone) {
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
		return checkpoint.Checkpoint{Epoch: uint64(i), Version: i, Saved: time.UnixMilli(int64(i))}
	}
	for i, key := range keys {
		save(t, one, key, of(i), []byte(key))
	}
	for i, key := range keys {
		expect(t, two, key, of(i), []byte(key))
	}
}

func testLarge(t *testing.T, s Subject) {
	one, two := s.Open(t, long)
	for n, size := range []int{20 << 20, 1<<20 - 16, 1 << 20, 1<<20 + 16} {
		c, data := counted(1, uint64(n), size)
		save(t, one, "k", c, data)
		expect(t, two, "k", c, data)
	}
}

func testDamage(t *testing.T, s Subject) {
	one, _ := s.Open(t, long)
	c, data := counted(7, 1, 3<<20)
	save(t, one, "k", c, data)
	s.Damage(t, one)
	read := func(checkpoint.Checkpoint, io.Reader) error {
		t.Error("damaged data are read")
		return nil
	}
	if err := one.Load(t.Context(), "k", read); !errors.Is(err, checkpoint.ErrDamaged) {
		t.Errorf("damaged: %v", err)
	}
}

func testCancelled(t *testing.T, s Subject) {
	one, _ := s.Open(t, long)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	load := one.Load(ctx, "k", discard)
	_, beat := one.Beat(ctx, checkpoint.Member{ID: "m"})
	for i, err := range []error{load, checkpoint.SaveBytes(ctx, one, "k", checkpoint.Checkpoint{}, []byte("data")), beat, one.Leave(ctx, "m")} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("call %d: %v", i, err)
		}
	}
	if err := one.Load(t.Context(), "k", discard); !errors.Is(err, checkpoint.ErrNone) {
		t.Errorf("a cancelled save: %v", err)
	}
}

// testInterrupted has a save end half way, with an error of whoever writes: what was
// there stays. And errors of whoever reads come back.
func testInterrupted(t *testing.T, s Subject) {
	one, two := s.Open(t, long)
	c, data := counted(1, 1, 1<<10)
	save(t, one, "k", c, data)
	broken := errors.New("broken")
	for _, after := range []int{0, 1, 1 << 20, 5<<20 + 1} {
		err := one.Save(t.Context(), "k", checkpoint.Checkpoint{Epoch: 2}, func(w io.Writer) error {
			_, err := w.Write(make([]byte, after))
			return errors.Join(broken, err)
		})
		if !errors.Is(err, broken) {
			t.Errorf("after %d bytes: %v", after, err)
		}
		expect(t, two, "k", c, data)
	}
	if err := two.Load(t.Context(), "k", func(checkpoint.Checkpoint, io.Reader) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("a reader's error: %v", err)
	}
	expect(t, two, "k", c, data)
}
