package worker_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/archive"
	"github.com/tiendi/tiendi/internal/blob"
	"github.com/tiendi/tiendi/internal/blob/azure"
	"github.com/tiendi/tiendi/internal/blob/blobtest"
	"github.com/tiendi/tiendi/internal/blob/folder"
	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/change"
	"github.com/tiendi/tiendi/internal/chaos"
	"github.com/tiendi/tiendi/internal/checkpoint"
	"github.com/tiendi/tiendi/internal/stream/record"
	"github.com/tiendi/tiendi/internal/stream/worker"
)

var errDead = errors.New("the worker is dead")

// mortal is a bucket, broker and store of checkpoints of one worker, which dies before
// or after its n-th step: nothing that it does later reaches anybody.
type mortal struct {
	broker.Broker
	worker.Checkpoints
	objects blob.Bucket
	intents string       // the topic that there is in the place of worker.TopicArchive
	steps   atomic.Int64 // that are left
	die     func()
}

// step does one, unless the worker dies before or in it.
func (m *mortal) step(do func() error) error {
	left := m.steps.Add(-1)
	if left < 0 {
		return errDead
	}
	err := do()
	if left == 0 {
		m.die()
		return errDead // it was done, and nobody hears of it
	}
	return err
}

func (m *mortal) topic(name string) string {
	if name == worker.TopicArchive {
		return m.intents
	}
	return name
}

func (m *mortal) Open(ctx context.Context, topic string, partition int) (broker.Log, error) {
	return m.Broker.Open(ctx, m.topic(topic), partition)
}

func (m *mortal) Save(ctx context.Context, key string, c checkpoint.Checkpoint, write func(io.Writer) error) error {
	return m.step(func() error { return m.Checkpoints.Save(ctx, key, c, write) })
}

func (m *mortal) Claim(ctx context.Context, topic string, partition int, producer string) (uint64, broker.Holder, error) {
	epoch, h, err := m.Broker.Claim(ctx, m.topic(topic), partition, producer)
	return epoch, mortalHolder{h, m}, err
}

type mortalHolder struct {
	broker.Holder
	m *mortal
}

func (h mortalHolder) Append(ctx context.Context, messages ...broker.Message) error {
	return h.m.step(func() error { return h.Holder.Append(ctx, messages...) })
}

// mortalBucket is the objects of a mortal.
type mortalBucket struct{ m *mortal }

func (b mortalBucket) Put(ctx context.Context, name string, body []byte) error {
	if b.m.steps.Add(-1) == 0 { // before it
		b.m.die()
		return errDead
	}
	return b.m.step(func() error { return b.m.objects.Put(ctx, name, body) })
}

func (b mortalBucket) Delete(ctx context.Context, name string) error {
	return b.m.objects.Delete(ctx, name)
}

func (b mortalBucket) List(ctx context.Context, prefix string) iter.Seq2[blob.Object, error] {
	return b.m.objects.List(ctx, prefix)
}

func (b mortalBucket) Open(ctx context.Context, name string, offset, length int64) (io.ReadCloser, error) {
	return b.m.objects.Open(ctx, name, offset, length)
}

// archiveWorld is a world with an archive.
type archiveWorld struct {
	*world
	bucket  blob.Bucket
	intents string              // a topic
	ledger  map[string][]string // what was sent, by topic and partition, in order
	rejects *broker.Producer
	changes *broker.Producer
}

func newArchiveWorld(t *testing.T, bucket blob.Bucket) *archiveWorld {
	w := &archiveWorld{world: newWorld(t), bucket: bucket, intents: worker.TopicArchive, ledger: map[string][]string{}}
	b := w.connect()
	for topic, n := range map[string]int{
		record.TopicRejected: partitions, change.Topic: partitions, worker.TopicArchive: worker.ArchivePartitions(partitions),
	} {
		if err := b.Declare(t.Context(), broker.Topic{Name: topic, Partitions: n}); err != nil {
			t.Fatal(err)
		}
	}
	w.rejects, w.changes = broker.NewProducer(b, record.TopicRejected), broker.NewProducer(b, change.Topic)
	return w
}

var orders = &change.Relation{Schema: "public", Name: "orders", Columns: []change.Column{{Name: "id", Type: 23, Key: true}, {Name: "status", Type: 25}}}

// put sends numbered lines into all topics, and sometimes a batch twice.
func (w *archiveWorld) put(from, to int) {
	w.t.Helper()
	send := func(p *broker.Producer, topic string, partition int, body []byte, line string) {
		batch := p.Batch(partition, body, 1)
		for range 1 + rand.IntN(2) { // a confirm was lost: sent again under its number
			if err := p.Append(w.t.Context(), batch); err != nil {
				w.t.Fatal(err)
			}
		}
		key := fmt.Sprint(topic, "/", partition)
		w.ledger[key] = append(w.ledger[key], line)
	}
	for n := from; n < to; n++ {
		partition := n % partitions
		line := fmt.Sprintf(`{"event_id":"%d","timestamp":"2026-11-20T12:00:00.000Z"}`, n)
		send(w.producer, record.TopicRaw, partition, []byte(line+"\n"), line)
		line = fmt.Sprintf(`{"reject_id":"%d","received_at":"2026-11-20T12:00:00.000Z"}`, n)
		send(w.rejects, record.TopicRejected, partition, []byte(line+"\n"), line)
		var e change.Encoder
		e.Add(&change.Change{Relation: orders, Op: change.Insert, Version: change.Version{LSN: uint64(n)}, Committed: time.UnixMicro(1), Row: [][]byte{[]byte(strconv.Itoa(n)), nil}})
		send(w.changes, change.Topic, partition, e.Body(), strconv.Itoa(n))
	}
}

// once runs a worker that dies at its n-th step, or never where that is 0.
func (w *archiveWorld) once(n int) error {
	o, b := w.options(fmt.Sprint("worker", n), "some run")
	ctx, cancel := context.WithTimeout(w.t.Context(), time.Minute)
	defer cancel()
	m := &mortal{objects: w.bucket, Broker: b, Checkpoints: w.store, intents: w.intents}
	if n == 0 {
		n = 1 << 40
	}
	m.steps.Store(int64(n))
	var once sync.Once
	m.die = func() {
		once.Do(func() {
			cancel()
			_ = b.Close()
		})
	}
	o.Broker, o.Checkpoints, o.Archive = m, m, archive.New(mortalBucket{m}, "", 0)
	o.Stages = worker.Archives
	return worker.New(o).Once(ctx)
}

// check reads the archive back and holds it against the ledger.
func (w *archiveWorld) check() {
	w.t.Helper()
	a := archive.New(w.bucket, "", 0)
	v, err := a.Verify(w.t.Context(), archive.Topics(), time.Time{}, time.Time{}, nil)
	if err != nil || len(v.Problems) > 0 {
		w.t.Errorf("the archive has %v, %v", v.Problems, err)
	}
	got := map[string][]string{}
	for _, topic := range archive.Topics() {
		var changes archive.Changes
		for f, err := range a.List(w.t.Context(), topic, time.Time{}, time.Time{}) {
			if err != nil {
				w.t.Fatal(err)
			}
			key := fmt.Sprint(topic, "/", f.Partition)
			_, err := a.Read(w.t.Context(), f, func(line []byte) error {
				text := string(line)
				if topic == change.Topic {
					c, err := changes.Read(line)
					if err != nil {
						return err
					}
					text = string(c.Row[0])
				}
				got[key] = append(got[key], text)
				return nil
			})
			if err != nil {
				w.t.Fatal(err)
			}
		}
	}
	for key, want := range w.ledger {
		if strings.Join(got[key], "\n") != strings.Join(want, "\n") {
			w.t.Errorf("%s: %d lines are archived, %d came", key, len(got[key]), len(want))
		}
	}
}

// TestArchiveDeath kills workers before and after their steps, at another one each time,
// while events come: all is in the archive once.
func TestArchiveDeath(t *testing.T) {
	for name, c := range map[string]struct {
		rounds int
		open   func(*testing.T) blob.Bucket
	}{
		"folder": {20, func(t *testing.T) blob.Bucket { return folder.New(t.TempDir()) }},
		"azure": {20, func(t *testing.T) blob.Bucket {
			b, err := azure.New(blobtest.Azurite(t))
			if err != nil {
				t.Fatal(err)
			}
			return b
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newArchiveWorld(t, c.open(t))
			rounds, died := c.rounds*chaos.Rounds(t, 1), 0
			for round := range rounds {
				w.put(10*round, 10*round+1+rand.IntN(9))
				if err := w.once(1 + 7*round%55); err != nil {
					died++
				}
				if round%20 == 19 {
					if err := w.once(0); err != nil {
						t.Fatal(err)
					}
					w.check()
				}
			}
			if died < rounds/3 {
				t.Errorf("only %d workers of %d have died", died, rounds)
			}
		})
	}
}

// TestArchiveKnowsItsEnd loses what workers remember, as when the log of intents and the
// checkpoints are gone: the archive itself says where to go on.
func TestArchiveKnowsItsEnd(t *testing.T) {
	w := newArchiveWorld(t, folder.New(t.TempDir()))
	w.put(0, 30)
	if err := w.once(0); err != nil {
		t.Fatal(err)
	}
	w.put(30, 60)
	w.store = newMemory()
	w.intents += "-anew"
	if err := w.connect().Declare(t.Context(), broker.Topic{Name: w.intents, Partitions: worker.ArchivePartitions(partitions)}); err != nil {
		t.Fatal(err)
	}
	if err := w.once(0); err != nil {
		t.Fatal(err)
	}
	w.check()
}
