package worker

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"time"

	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/stream/record"
	"github.com/tiendi/tiendi/internal/stream/sink"
)

// The sinks of rows are given so many of them at once, or what has come in so long: in
// blocks of 10,000 rows a row costs ClickHouse nearly twice what it does in those of 50,000
// (BenchmarkBlocks in sink/clickhouse). So a few rows wait for a pause, and more than these
// for a longer one. A worker that does all partitions holds no more than insertBytes of
// them.
const (
	insertRows  = 50_000
	insertBytes = 64 << 20
	insertPause = time.Second
	fewRows     = 2_000
	manyPause   = 2500 * time.Millisecond
)

// rowSink is a sink that takes each message of a topic once, under a token.
type rowSink struct {
	topic string
	// count is how many rows a message has, and which run it ends.
	count func(rec *broker.Record) (rows int, run string, err error)
	// insert adds nothing that is there under its token already.
	insert func(ctx context.Context, token string, batches []broker.Packed) (sink.Taken, error)
}

func (w *Worker) eventSink() rowSink {
	return rowSink{
		topic: record.TopicEnriched,
		count: func(rec *broker.Record) (rows int, run string, err error) {
			var b record.Batch
			if rows, err = record.ReadHead(rec.Body, &b); b.Kind == record.End {
				run = b.Run
			}
			return rows, run, err
		},
		insert: func(ctx context.Context, token string, batches []broker.Packed) (sink.Taken, error) {
			return sink.Taken{}, w.options.Events.Insert(ctx, token, unpacked(batches))
		},
	}
}

// unpacked gives the bodies, each in place of the one before.
func unpacked(batches []broker.Packed) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		var buffer []byte
		for _, b := range batches {
			if !yield(b.Body(&buffer)) {
				return
			}
		}
	}
}

// intent says which rows are about to be inserted: those of the log from one place up
// to another. It is written before, so that a successor does the same insert again,
// with the same rows and token, and ClickHouse leaves out what is there already.
// Resuming from what the table holds would not do: a block over several table
// partitions is not inserted in one step.
type intent struct {
	From broker.Progress `json:"from"`
	To   uint64          `json:"to"` // the offset behind the last
}

// token names the intent's insert.
func (i *intent) token() string {
	return fmt.Sprintf("%s/%d@%d-%d", i.From.Log, i.From.Partition, i.From.Next, i.To)
}

// inserting is the task at work.
type inserting struct {
	w    *Worker
	h    *hold
	task Task
	sink rowSink

	in    *broker.Reader
	taken unwritten
	held  []broker.Packed // batches
	rows  int             // in them
	bytes int
	began time.Time       // when the oldest of them came
	from  broker.Progress // where they begin
	last  *intent         // the newest
	kept  time.Time
	stale bool
	ended bool
}

// insert takes a partition into the warehouse.
func (w *Worker) insert(stop context.Context, task Task, to rowSink) error {
	h, err := w.hold(stop, task)
	if err != nil {
		return err
	}
	defer h.end()
	s := &inserting{w: w, h: h, task: task, sink: to, kept: w.options.Clock(), taken: w.unwritten(task)}
	if err := s.readBack(); err != nil {
		return err
	}
	from := broker.Progress{Partition: task.Partition}
	if s.last != nil {
		from = s.last.From
	}
	if s.in, err = broker.Read(h.work, w.options.Broker, to.topic, from, w.options.Log); err != nil {
		return h.err(err)
	}
	defer s.in.Close()
	w.status.running(task)
	if err := s.repeat(); err != nil || h.stopping() {
		return err // rows that were read again are the last intent's, and nobody else's
	}
	if s.ended {
		return s.keep()
	}
	return s.loop()
}

// readBack finds the last intent of the predecessors.
func (s *inserting) readBack() error {
	at, err := s.w.restore(s.h, s.task, func(io.Reader) error { return nil })
	if err != nil {
		return err
	}
	s.last = at.Intent
	return s.h.readBack(at.Written, func(body []byte) error {
		s.last = &intent{}
		if err := json.Unmarshal(body, s.last); err != nil {
			return fmt.Errorf("%s: its last intent: %w", s.task, err)
		}
		return nil
	})
}

// repeat does the last intent again: whoever wrote it may have died in it.
func (s *inserting) repeat() error {
	s.from = s.in.Progress()
	if s.last == nil {
		return nil
	}
	for s.in.Progress().Next < s.last.To {
		rec, ok, err := s.h.nextBefore(s.in, s.last.To, s.w.options.Clock().Add(checkpointPause))
		if err == nil && ok {
			err = s.take(rec)
		}
		if err != nil || s.h.stopping() {
			return err
		}
	}
	return s.perform(s.last)
}

func (s *inserting) loop() error {
	for {
		rec, ok, err := s.h.next(s.in, s.due())
		if err == nil && ok {
			err = s.take(rec)
		}
		if err != nil {
			return err
		}
		now := s.w.options.Clock()
		if s.rows > 0 && (s.ended || s.h.stopping() || s.full() || !now.Before(s.due())) {
			err = s.write()
		}
		if err == nil && s.stale && (s.ended || s.h.stopping() || now.Sub(s.kept) > checkpointPause) {
			err = s.keep()
		}
		if err != nil || s.ended || s.h.stopping() {
			return err
		}
	}
}

// due is when to write what is held, or to look whether there is something to do.
func (s *inserting) due() time.Time {
	switch {
	case s.rows == 0:
		return s.w.options.Clock().Add(checkpointPause)
	case s.rows < fewRows:
		return s.began.Add(insertPause)
	}
	return s.began.Add(manyPause)
}

func (s *inserting) full() bool {
	return s.rows >= insertRows || s.bytes >= insertBytes/s.w.options.Partitions
}

func (s *inserting) take(rec broker.Record) error {
	if rec.Claim() {
		return nil
	}
	rows, run, err := s.sink.count(&rec)
	if err != nil {
		return fmt.Errorf("%s: the message at %d of %s: %w", s.task, rec.Position.Offset, s.sink.topic, err)
	}
	if rows > 0 {
		if s.rows == 0 {
			s.began = s.w.options.Clock()
		}
		s.taken.took(&rec)
		s.held, s.rows, s.bytes = append(s.held, rec.Packed), s.rows+rows, s.bytes+len(rec.Body)
	}
	s.ended = s.ended || run != "" && run == s.w.options.Run
	return nil
}

// write announces the rows, then inserts them.
func (s *inserting) write() error {
	next := &intent{From: s.from, To: s.in.Progress().Next}
	body, err := json.Marshal(next)
	if err != nil {
		return err
	}
	if err := s.h.Append(s.h.work, broker.Payload{Body: body}); err != nil {
		return s.h.err(err)
	}
	s.last = next
	return s.perform(next)
}

// perform inserts the rows of an intent, trying as long as it takes.
func (s *inserting) perform(i *intent) error {
	began := s.w.options.Clock()
	span := s.taken.span()
	var taken sink.Taken
	err := s.h.until(func() (err error) {
		taken, err = s.sink.insert(s.h.work, i.token(), s.held)
		span.Failed(err)
		return err
	})
	span.End(s.rows, err)
	if err != nil {
		return err
	}
	s.w.wrote(s.task, began, s.rows, i.To, taken.Through)
	s.w.status.rejected(s.task, taken.Aside, taken.Refused)
	clear(s.held)
	s.held, s.rows, s.bytes = s.held[:0], 0, 0
	s.from, s.stale = s.in.Progress(), true
	return nil
}

// keep saves where a successor has to look for intents from.
func (s *inserting) keep() error {
	s.kept = s.w.options.Clock()
	written, err := s.w.written(s.h, s.task)
	if err == nil {
		_, err = s.w.save(s.h, s.task, place{Written: written, Intent: s.last}, func(io.Writer) error { return nil })
	}
	s.stale = err != nil
	return s.w.later(s.h, s.task, err)
}
