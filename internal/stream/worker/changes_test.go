package worker_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/change"
	"github.com/tiendi/tiendi/internal/stream/sink"
	"github.com/tiendi/tiendi/internal/stream/worker"
)

// changeTable takes changes as the warehouse does: once under a token. It fails now and
// then, before or after it took them.
type changeTable struct {
	mu       sync.Mutex
	inserts  map[string]string // what came under a token
	taken    map[string]int    // by row
	failed   map[string]int
	mistakes int
}

func newChangeTable() *changeTable {
	return &changeTable{inserts: map[string]string{}, taken: map[string]int{}, failed: map[string]int{}}
}

func (c *changeTable) Insert(_ context.Context, token string, batches [][]byte) (taken sink.Taken, err error) {
	var rows []string
	for _, body := range batches {
		b, err := change.Decode(body)
		if err != nil {
			return taken, err
		}
		for i := range b.Changes {
			rows = append(rows, string(b.Changes[i].Row[0]))
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	fails, late := c.failed[token] < mostFailures && rand.IntN(3) == 0, rand.IntN(2) == 0
	if fails {
		c.failed[token]++
		if !late {
			return taken, errFlaky
		}
	}
	text := strings.Join(rows, " ")
	if before, known := c.inserts[token]; known && before != text {
		c.mistakes++
	} else if !known {
		c.inserts[token] = text
		for _, row := range rows {
			c.taken[row]++
		}
	}
	if fails {
		return taken, errFlaky
	}
	return sink.Taken{Aside: 1, Through: time.Unix(77, 0), Refused: fmt.Errorf("no model\nof it")}, nil
}

// sendChanges puts rows of these numbers into the log, three a message.
func (w *world) sendChanges(b broker.Broker, from, to int) {
	w.t.Helper()
	r := &change.Relation{Schema: "public", Name: "orders", Columns: []change.Column{{Name: "id", Type: 23, Key: true}}}
	p := broker.NewProducer(b, change.Topic)
	var e change.Encoder
	for n := from; n < to; n++ {
		e.Add(&change.Change{Relation: r, Op: change.Insert, Version: change.Version{LSN: uint64(n)}, Committed: time.Unix(0, 0), Row: [][]byte{fmt.Append(nil, n)}})
		if count := e.Len(); count == 3 || n+1 == to {
			// Half of them do not say how many they are.
			if err := p.Append(w.t.Context(), p.Batch(rand.IntN(partitions), e.Body(), count*(n%2))); err != nil {
				w.t.Fatal(err)
			}
		}
	}
}

// changeOptions are of a worker that does nothing but changes.
func (w *world) changeOptions(id, run string, to *changeTable) (worker.Options, broker.Broker) {
	o, b := w.options(id, run)
	o.Stages, o.Changes = []worker.Stage{worker.Changes}, to
	return o, b
}

func (c *changeTable) check(t *testing.T, rows int) {
	t.Helper()
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.taken) != rows || c.mistakes > 0 {
		t.Errorf("%d of %d rows, %d inserts came again with other rows", len(c.taken), rows, c.mistakes)
	}
	for row, n := range c.taken {
		if n != 1 {
			t.Errorf("row %s is taken %d times", row, n)
		}
	}
}

func TestChangesOnce(t *testing.T) {
	w := newWorld(t)
	table := newChangeTable()
	b := w.connect()
	for round := range 3 {
		w.sendChanges(b, 100*round, 100*round+100)
		run := fmt.Sprint("run", round)
		if err := worker.MarkEnd(t.Context(), b, partitions, run); err != nil {
			t.Fatal(err)
		}
		o, _ := w.changeOptions("one", run, table)
		done := worker.New(o)
		if err := done.Once(t.Context()); err != nil {
			t.Fatal(err)
		}
		table.check(t, 100*round+100)
		for _, task := range done.Status() {
			if task.Stage != worker.Changes || task.Error != "no model" || task.Rejected == 0 || task.Watermark.Unix() != 77 || task.Events == 0 {
				t.Errorf("status %+v", task)
			}
		}
	}
}

// TestChangeWorkersDie has workers die at any moment while changes come.
func TestChangeWorkersDie(t *testing.T) {
	w := newWorld(t)
	w.store.flaky = true
	table := newChangeTable()
	b := w.connect()
	for round := range 8 {
		w.sendChanges(b, 300*round, 300*round+300)
		o, connection := w.changeOptions(fmt.Sprint("worker", round), "", table)
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() {
			defer close(done)
			_ = worker.New(o).Run(ctx)
		}()
		time.Sleep(rand.N(1500 * time.Millisecond))
		if rand.IntN(2) == 0 {
			_ = connection.(interface{ Close() error }).Close()
		}
		stop()
		<-done
	}
	if err := worker.MarkEnd(t.Context(), b, partitions, "last"); err != nil {
		t.Fatal(err)
	}
	w.store.flaky = false
	o, _ := w.changeOptions("last", "last", table)
	if err := worker.New(o).Once(t.Context()); err != nil {
		t.Fatal(err)
	}
	table.check(t, 8*300)
}

// TestRepetitionEndsBeforeWhatFollows: an intent may end behind a message that came
// twice, which its owner passed over while it waited. Whoever repeats it passes it over
// as well, and must not take what comes behind it into the insert.
func TestRepetitionEndsBeforeWhatFollows(t *testing.T) {
	w := newWorld(t)
	table := newChangeTable()
	o, b := w.changeOptions("one", "run", table)
	o.Partitions = 1
	r := &change.Relation{Schema: "public", Name: "orders", Columns: []change.Column{{Name: "id", Type: 23, Key: true}}}
	p := broker.NewProducer(b, change.Topic)
	message := func(n int) broker.Batch {
		var e change.Encoder
		e.Add(&change.Change{Relation: r, Op: change.Insert, Version: change.Version{LSN: uint64(n)}, Committed: time.Unix(0, 0), Row: [][]byte{fmt.Append(nil, n)}})
		return p.Batch(0, e.Body(), 1)
	}
	first := message(1)
	for _, m := range []broker.Batch{first, first} {
		if err := p.Append(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	w.intendOf(b, change.Topic, worker.TopicChangeSinks)
	if err := p.Append(t.Context(), message(2)); err != nil {
		t.Fatal(err)
	}
	if err := worker.MarkEnd(t.Context(), b, 1, "run"); err != nil {
		t.Fatal(err)
	}
	if err := worker.New(o).Once(t.Context()); err != nil {
		t.Fatal(err)
	}
	table.check(t, 2)
	for token, rows := range table.inserts {
		if rows == "1 2" {
			t.Errorf("what follows the intent is inserted under its token %s", token)
		}
	}
}
