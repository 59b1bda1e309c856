package worker

import (
	"context"
	"fmt"
	"time"

	"github.com/tiendi/tiendi/internal/broker"
)

// The sinks of rows are given so many of them at once, or what has come in so long: in
// blocks of 10,000 rows a row costs ClickHouse nearly twice what it does in those of 50,000
// (BenchmarkBlocks in sink/clickhouse). So the longer an insert took the longer the rows of
// the next one wait, within bounds: a server that has time gives fresh rows, and one that
// has not gets large blocks. A worker that does all partitions holds no more than
// insertBytes of them.
const (
	insertRows    = 50_000
	insertBytes   = 64 << 20
	shortestPause = time.Second
	longestPause  = 2500 * time.Millisecond
	pauseOfInsert = 10 // times as long as it took
)

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
	pause time.Duration   // that they wait
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
	s := &inserting{w: w, h: h, task: task, sink: to, kept: w.options.Clock(), pause: shortestPause, taken: w.unwritten(task)}
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
	if s.rows == 0 {
		return s.w.options.Clock().Add(checkpointPause)
	}
	return s.began.Add(s.pause)
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
