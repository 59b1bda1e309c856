package checkpointtest

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/checkpoint"
)

func testFencing(t *testing.T, s Subject) {
	one, two := s.Open(t, long)
	now := time.UnixMilli(1795000000000)
	old := checkpoint.Checkpoint{Epoch: 1<<40 - 1, Saved: now}
	later := checkpoint.Checkpoint{Epoch: 1 << 40, Saved: now}
	save(t, one, "k", old, []byte("old"))
	save(t, two, "k", later, []byte("later"))
	for range 2 {
		if err := checkpoint.SaveBytes(t.Context(), one, "k", old, []byte("old")); !errors.Is(err, checkpoint.ErrFenced) || !strings.Contains(err.Error(), `"k"`) {
			t.Errorf("an earlier owner: %v", err)
		}
		expect(t, one, "k", later, []byte("later"))
	}
	save(t, one, "other", old, nil)
}

// counted is a checkpoint whose data say who made it, many times over.
func counted(epoch, n uint64, size int) (checkpoint.Checkpoint, []byte) {
	b := binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, epoch), n)
	return checkpoint.Checkpoint{Epoch: epoch, Version: int(n), Saved: time.UnixMilli(int64(n))}, bytes.Repeat(b, size/len(b))
}

// whole checks a checkpoint that counted has made.
func whole(c checkpoint.Checkpoint, data []byte) error {
	want, all := counted(c.Epoch, uint64(c.Version), len(data))
	if len(data) == 0 || !bytes.Equal(data, all) || !c.Saved.Equal(want.Saved) {
		return fmt.Errorf("epoch %d, version %d: %d bytes that belong to something else", c.Epoch, c.Version, len(data))
	}
	return nil
}

// testRace lets owners of many epochs save at once. Readers see whole checkpoints,
// never one of a lower epoch after one of a higher.
func testRace(t *testing.T, s Subject) {
	one, two := s.Open(t, long)
	const owners, each = 6, 15
	first, data := counted(0, 0, 1<<10)
	save(t, one, "k", first, data)
	var g, readers sync.WaitGroup
	var done atomic.Bool
	for _, d := range []Driver{one, two} {
		readers.Go(func() {
			for last := uint64(0); !done.Load() && !t.Failed(); {
				c, data, err := checkpoint.LoadBytes(t.Context(), d, "k")
				if err = errors.Join(err, whole(c, data)); err != nil || c.Epoch < last {
					t.Errorf("epoch %d after %d: %v", c.Epoch, last, err)
				}
				last = c.Epoch
			}
		})
	}
	for owner := range owners {
		d := []Driver{one, two}[owner%2]
		g.Go(func() {
			for n := range uint64(each) {
				epoch := n*owners + uint64(owner) + 1
				c, data := counted(epoch, n, 1<<10+rand.IntN(1<<16))
				err := checkpoint.SaveBytes(t.Context(), d, "k", c, data)
				if err != nil && !errors.Is(err, checkpoint.ErrFenced) {
					t.Error(err)
				}
			}
		})
	}
	g.Wait()
	done.Store(true)
	readers.Wait()
	if c, _, err := checkpoint.LoadBytes(t.Context(), two, "k"); err != nil || c.Epoch != owners*each {
		t.Errorf("in the end epoch %d, %v", c.Epoch, err)
	}
}
