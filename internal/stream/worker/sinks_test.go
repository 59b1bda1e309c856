package worker_test

import (
	"bytes"
	"context"
	"errors"
	"iter"
	"math/rand/v2"
	"reflect"
	"slices"
	"sync"

	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/stream/record"
	"github.com/tiendi/tiendi/internal/stream/sink"
)

type sinkTarget = sink.Target

var errFlaky = errors.New("the sink is away for a moment")

// table takes rows as ClickHouse does: an insert may end half way, and what is
// inserted again under its token is added once. Other rows under a token that is
// known are a mistake of the worker's.
type table struct {
	mu       sync.Mutex
	inserts  map[string][]record.Event
	complete map[string]bool
	failed   map[string]int
	mistakes int
}

// mostFailures is how often an insert fails at most: the pauses between the tries of
// a dozen are longer than a test waits.
const mostFailures = 4

func newTable() *table {
	return &table{inserts: map[string][]record.Event{}, complete: map[string]bool{}, failed: map[string]int{}}
}

func (t *table) Insert(_ context.Context, token string, batches iter.Seq[[]byte]) error {
	var rows []record.Event
	for body := range batches {
		var b record.Batch
		if err := record.ReadBatch(bytes.Clone(body), &b); err != nil {
			return err
		}
		rows = append(rows, b.Events...)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if before, ok := t.inserts[token]; ok && t.complete[token] && !reflect.DeepEqual(before, rows) {
		t.mistakes++
	}
	n := len(rows)
	fails := rand.IntN(2) == 0 && t.failed[token] < mostFailures
	if fails {
		t.failed[token]++
		n -= rand.IntN(2) * rand.IntN(n+1) // half of them only after all is stored
	}
	if len(t.inserts[token]) < n {
		t.inserts[token] = slices.Clone(rows[:n])
	}
	if fails {
		return errFlaky
	}
	t.complete[token] = true
	return nil
}

// ids counts how often each event is there.
func (t *table) ids() map[string]int {
	t.mu.Lock()
	defer t.mu.Unlock()
	all := map[string]int{}
	for _, rows := range t.inserts {
		for i := range rows {
			all[rows[i].EventID.String()]++
		}
	}
	return all
}

// target keeps the highest revision of a window, and forgets now and then.
type target struct {
	mu      sync.Mutex
	at      map[int]broker.Progress
	windows map[int]record.Update
}

func newTarget() *target {
	return &target{at: map[int]broker.Progress{}, windows: map[int]record.Update{}}
}

func (t *target) Applied(_ context.Context, partition int) (broker.Progress, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.at[partition], nil
}

func (t *target) Apply(_ context.Context, from, to broker.Progress, publications []*record.Publication) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if at := t.at[to.Partition]; at.Next != from.Next {
		return sink.ErrMoved
	}
	switch rand.IntN(10) {
	case 0:
		return errFlaky
	case 1: // restored from nothing
		delete(t.at, to.Partition)
		delete(t.windows, to.Partition)
		return errFlaky
	}
	for _, p := range publications {
		for _, u := range p.Updates {
			if held, ok := t.windows[to.Partition]; !ok || u.Revision > held.Revision {
				t.windows[to.Partition] = u
			}
		}
	}
	t.at[to.Partition] = to
	return nil
}

func (t *target) total() (n uint64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, u := range t.windows {
		n += u.Views
	}
	return n
}
