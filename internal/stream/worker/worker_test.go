package worker_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/broker/embedded"
	"github.com/tiendi/tiendi/internal/change"
	"github.com/tiendi/tiendi/internal/checkpoint"
	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/enrich"
	"github.com/tiendi/tiendi/internal/stream/record"
	"github.com/tiendi/tiendi/internal/stream/worker"
)

const partitions = 3

// world is a broker of the test's own, and what workers share besides.
type world struct {
	t        testing.TB
	dir      string // the broker's
	server   *embedded.Server
	config   embedded.Config
	producer *broker.Producer
	store    *memory
	table    *table
	target   *target
	sent     map[string]bool // the ledger: ids of events
}

func newWorld(t testing.TB) *world {
	t.Helper()
	dir := t.TempDir()
	s, err := embedded.Start(t.Context(), embedded.ServerOptions{Dir: dir, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Stop)
	w := &world{t: t, dir: dir, server: s, config: s.Config(), store: newMemory(), table: newTable(), target: newTarget(), sent: map[string]bool{}}
	b := w.connect()
	for topic, n := range map[string]int{
		record.TopicRaw: partitions, record.TopicEnriched: partitions, record.TopicAggregated: 2 * partitions,
		worker.TopicSinks: worker.SinkPartitions(partitions), change.Topic: partitions, worker.TopicChangeSinks: partitions,
	} {
		if err := b.Declare(t.Context(), broker.Topic{Name: topic, Partitions: n}); err != nil {
			t.Fatal(err)
		}
	}
	w.producer = broker.NewProducer(b, record.TopicRaw)
	return w
}

func (w *world) connect() *embedded.Broker {
	w.t.Helper()
	b, err := embedded.Connect(w.config, slog.New(slog.DiscardHandler))
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = b.Close() })
	return b
}

// line is an event with an id by its number, in the partition that its session has.
func line(n int) (partition int, text string, id string) {
	session := n % 7
	id = uuid.NewSHA1(uuid.Nil, fmt.Append(nil, n)).String()
	at := time.Date(2026, 11, 20, 12, 0, n, 0, time.UTC).Format(time.RFC3339)
	return session % partitions, fmt.Sprintf(
		`{"event_id":"%s","event_type":"health_probe","timestamp":"%s","session_id":"%s","properties":{"target":"a","ok":true,"status":200,"duration_ms":1}}`+"\n",
		id, at, uuid.NewSHA1(uuid.Nil, fmt.Append(nil, "session", session))), id
}

// send puts events into the raw topic, some of them twice.
func (w *world) send(from, to int) {
	w.t.Helper()
	for n := from; n < to; n++ {
		partition, text, id := line(n)
		if n%10 == 0 {
			text += text
		}
		if err := w.producer.Append(w.t.Context(), w.producer.Batch(partition, []byte(text), 1)); err != nil {
			w.t.Fatal(err)
		}
		w.sent[id] = true
	}
}

func (w *world) end(run string) {
	w.t.Helper()
	for partition := range partitions {
		if err := w.producer.Append(w.t.Context(), w.producer.Batch(partition, enrich.EndLine(run), 0)); err != nil {
			w.t.Fatal(err)
		}
	}
}

// options are of a worker with a connection of its own.
func (w *world) options(id, run string) (worker.Options, *embedded.Broker) {
	w.t.Helper()
	registry, err := event.NewRegistry(nil, "")
	if err != nil {
		w.t.Fatal(err)
	}
	b := w.connect()
	return worker.Options{
		Broker: b, Partitions: partitions, Checkpoints: w.store, Members: w.store,
		Stages: []worker.Stage{worker.Enrich, worker.Aggregate, worker.Sessionize, worker.Events, worker.Redis},
		Enrich: &enrich.Options{
			Parse: registry.Parse, Remember: 1 << 20,
			Extra:   func(*event.BaseEvent) (string, string, bool) { return "", "direct", false },
			Refused: func(raw []byte, why *event.Rejection) { w.t.Errorf("%s is refused: %v", raw, why) },
		},
		Windows: func() worker.Operator { return &counter{} }, Session: func() worker.Operator { return &counter{} },
		Events: w.table, Targets: map[worker.Stage]sinkTarget{worker.Redis: w.target},
		Run: run, Member: checkpoint.Member{ID: id}, Clock: time.Now, Log: slog.New(slog.NewTextHandler(w.t.Output(), nil)),
	}, b
}

// check holds what was stored against the ledger.
func (w *world) check() {
	w.t.Helper()
	stored := w.table.ids()
	if len(stored) != len(w.sent) {
		w.t.Errorf("%d events are stored, %d were sent", len(stored), len(w.sent))
	}
	for id, n := range stored {
		if n != 1 || !w.sent[id] {
			w.t.Errorf("event %s is stored %d times", id, n)
		}
	}
	if w.table.mistakes > 0 {
		w.t.Errorf("%d inserts came again with other rows", w.table.mistakes)
	}
	// Both operators count all events.
	if total := w.target.total(); total != 2*uint64(len(w.sent)) {
		w.t.Errorf("the windows count %d events, %d were sent", total, len(w.sent))
	}
}

func TestOnce(t *testing.T) {
	w := newWorld(t)
	for round := range 3 {
		run := fmt.Sprint("run", round)
		w.send(round*100, round*100+150) // half of them again
		w.end(run)
		o, _ := w.options("one", run)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := worker.New(o).Once(ctx); err != nil {
			t.Fatal(err)
		}
		w.check()
	}
}

// TestWorkersComeAndGo has workers die and join while events come: what they were
// doing is done once.
func TestWorkersComeAndGo(t *testing.T) {
	w := newWorld(t)
	w.store.flaky = true
	random := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 0))
	type running struct {
		stop context.CancelFunc
		b    *embedded.Broker
		done chan struct{}
	}
	var alive []running
	start := func(n int) {
		o, b := w.options(fmt.Sprint("worker", n), "")
		ctx, stop := context.WithCancel(context.Background())
		r := running{stop: stop, b: b, done: make(chan struct{})}
		go func() {
			defer close(r.done)
			_ = worker.New(o).Run(ctx)
		}()
		alive = append(alive, r)
	}
	defer func() {
		for _, r := range alive {
			r.stop()
			<-r.done
		}
	}()
	start(0)
	for round := range 12 {
		start(round + 1)
		w.send(round*200, round*200+220)
		time.Sleep(time.Duration(random.IntN(1500)) * time.Millisecond)
		victim := random.IntN(len(alive))
		r := alive[victim]
		alive = slices.Delete(alive, victim, victim+1)
		if random.IntN(2) == 0 {
			_ = r.b.Close() // as if it were dead: nothing it does reaches the log
		}
		r.stop()
		<-r.done
	}
	for end := time.Now().Add(time.Minute); time.Now().Before(end) && (len(w.table.ids()) < len(w.sent) || w.target.total() < 2*uint64(len(w.sent))); {
		time.Sleep(100 * time.Millisecond)
	}
	w.check()
}

// memory keeps checkpoints and members for as long as the test.
type memory struct {
	mu      sync.Mutex
	kept    map[string]kept
	members map[string]checkpoint.Member
	flaky   bool // now and then nothing can be saved
	loaded  atomic.Bool
}

func newMemory() *memory {
	return &memory{kept: map[string]kept{}, members: map[string]checkpoint.Member{}}
}

// kept is a checkpoint with its data.
type kept struct {
	checkpoint.Checkpoint
	data []byte
}

func (m *memory) Load(_ context.Context, key string, read func(checkpoint.Checkpoint, io.Reader) error) error {
	m.mu.Lock()
	m.loaded.Store(true)
	c, ok := m.kept[key]
	m.mu.Unlock()
	if !ok {
		return checkpoint.ErrNone
	}
	return read(c.Checkpoint, bytes.NewReader(c.data))
}

func (m *memory) Save(_ context.Context, key string, c checkpoint.Checkpoint, write func(io.Writer) error) error {
	var data bytes.Buffer
	if err := write(&data); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.kept[key].Epoch > c.Epoch {
		return checkpoint.ErrFenced
	}
	if rand.IntN(3) == 0 && m.flaky {
		return errFlaky
	}
	m.kept[key] = kept{c, data.Bytes()}
	return nil
}

func (m *memory) Beat(_ context.Context, me checkpoint.Member) ([]checkpoint.Member, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.members[me.ID] = me
	var all []checkpoint.Member
	for _, id := range slices.Sorted(maps.Keys(m.members)) {
		all = append(all, m.members[id])
	}
	return all, nil
}

func (m *memory) Leave(_ context.Context, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.members, id)
	return nil
}

// counter counts all events in one window.
type counter struct {
	total, revision uint64
	dirty           bool
}

func (c *counter) Fold(b *record.Batch, revision uint64) {
	c.total += uint64(len(b.Events))
	c.revision, c.dirty = revision, c.dirty || len(b.Events) > 0
}

func (c *counter) Flush(_ worker.Extent, send func(*record.Publication) error) error {
	if !c.dirty {
		return nil
	}
	c.dirty = false
	return send(&record.Publication{Updates: []record.Update{{Counts: record.Counts{Views: c.total}, Revision: c.revision}}})
}

func (c *counter) Watermark() time.Time { return time.Time{} }

func (c *counter) Late() uint64 { return 0 }

func (c *counter) Other() uint64 { return 0 }

func (c *counter) Snapshot(w io.Writer) error {
	_, err := fmt.Fprintln(w, c.total, c.revision)
	return err
}

func (c *counter) Restore(r io.Reader) error {
	_, err := fmt.Fscan(r, &c.total, &c.revision)
	return err
}
