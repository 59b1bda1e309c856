package worker_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/checkpoint"
	"github.com/tiendi/tiendi/internal/stream/worker"
)

// away is a store that cannot be reached so many times.
type away struct {
	*memory
	times atomic.Int64
}

func (a *away) Load(ctx context.Context, key string, read func(checkpoint.Checkpoint, io.Reader) error) error {
	if a.times.Add(-1) >= 0 {
		return errFlaky
	}
	return a.memory.Load(ctx, key, read)
}

// interruptions is a log of which the pauses after interruptions can be read.
type interruptions struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer.
func (i *interruptions) Write(line []byte) (int, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.text.Write(line)
}

func (i *interruptions) pauses(t *testing.T) (all []time.Duration) {
	t.Helper()
	i.mu.Lock()
	defer i.mu.Unlock()
	for line := range strings.Lines(i.text.String()) {
		var entry struct {
			Msg   string
			Again time.Duration `json:"again_in"`
		}
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			t.Fatal(err)
		}
		if entry.Msg == "a task is interrupted" {
			all = append(all, entry.Again)
		}
	}
	return all
}

// TestPauses: a task that is interrupted again and again waits longer each time. One that
// has worked meanwhile begins anew, and for the broker it waits no longer than readers
// do: else tasks would stand still long after several faults in a row.
func TestPauses(t *testing.T) {
	w := newWorld(t)
	var log interruptions
	var later atomic.Int64
	o, _ := w.options("one", "")
	o.Stages, o.Partitions = []worker.Stage{worker.Events}, 1
	o.Log = slog.New(slog.NewJSONHandler(&log, nil))
	o.Clock = func() time.Time { return time.Now().Add(time.Duration(later.Load())) }
	store := &away{memory: w.store}
	store.times.Store(4)
	o.Checkpoints = store
	one := worker.New(o)
	during(t, one, func() bool {
		if tasks := one.Status(); later.Load() == 0 && len(tasks) == 1 && tasks[0].State == "running" {
			later.Store(int64(30 * time.Second))
			w.server.Stop()
		}
		return len(log.pauses(t)) >= 11
	})
	const ms = time.Millisecond
	want := []time.Duration{200 * ms, 400 * ms, 800 * ms, 1600 * ms, 200 * ms, 400 * ms, 800 * ms, 1600 * ms, 2000 * ms, 2000 * ms, 2000 * ms}
	if got := log.pauses(t); !slices.Equal(got[:min(len(got), len(want))], want) {
		t.Errorf("the pauses are %v, want %v", got, want)
	}
}
