package worker

import (
	"context"
	"io"
	"time"

	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/stream/record"
	"github.com/tiendi/tiendi/internal/tracing"
)

// Operator folds the enriched batches of one partition into something that it
// publishes. It is a function of the batches, and of nothing else.
type Operator interface {
	// Fold takes a batch; revision is its offset.
	Fold(b *record.Batch, revision uint64)
	// Flush sends what has changed since the last Flush that succeeded, as absolute
	// values.
	Flush(of Extent, send func(*record.Publication) error) error
	Watermark() time.Time
	// Late is how many events came too late.
	Late() uint64
	// Other is how often there was no room for a window of its own.
	Other() uint64
	// Snapshot writes the state right after a Flush, with what that Flush let wait.
	Snapshot(w io.Writer) error
	// Restore takes over what Snapshot wrote.
	Restore(r io.Reader) error
}

// Extent is how much a Flush sends; each one includes those before.
type Extent int

// The extents.
const (
	Awaited Extent = iota // what people wait for
	Leaving               // what would wait too long if nobody goes on with it
	All
)

// flushPause is how long changes may wait to be published.
const flushPause = time.Second

// operating is the task at work.
type operating struct {
	w    *Worker
	h    *hold
	task Task
	op   Operator

	in      *broker.Reader
	taken   unwritten
	batch   record.Batch
	changed time.Time // when the oldest change came that is not published
	stale   bool      // the checkpoint is
	kept    time.Time // the last one
	size    int       // its
}

// operate folds an enriched partition into a part of the aggregated topic.
func (w *Worker) operate(stop context.Context, task Task, op Operator) error {
	h, err := w.hold(stop, task)
	if err != nil {
		return err
	}
	defer h.end()
	at, err := w.restore(h, task, op.Restore)
	if err != nil {
		return err
	}
	at.Read.Partition = task.Partition
	s := &operating{w: w, h: h, task: task, op: op, kept: w.options.Clock(), taken: w.unwritten(task)}
	if s.in, err = broker.Read(h.work, w.options.Broker, record.TopicEnriched, at.Read, w.options.Log); err != nil {
		return h.err(err)
	}
	defer s.in.Close()
	w.status.running(task)
	return s.loop()
}

func (s *operating) loop() error {
	for {
		rec, ok, err := s.h.next(s.in, s.due())
		if err != nil {
			return err
		}
		ended := false
		if ok && !rec.Claim() {
			if ended, err = s.fold(rec); err != nil {
				return err
			}
		}
		now := s.w.options.Clock()
		switch {
		case ended || s.h.stopping() || s.stale && now.Sub(s.kept) > every(s.size):
			err = s.keep()
		case !s.changed.IsZero() && now.Sub(s.changed) >= flushPause:
			err = s.flush(Awaited)
		}
		if err != nil || ended || s.h.stopping() {
			return err
		}
	}
}

// due is when there is something to do although nothing has come.
func (s *operating) due() time.Time {
	if !s.changed.IsZero() {
		return s.changed.Add(flushPause)
	}
	return s.w.options.Clock().Add(checkpointPause)
}

func (s *operating) fold(rec broker.Record) (ended bool, err error) {
	if err := record.ReadBatch(rec.Body, &s.batch); err != nil {
		return false, err
	}
	s.taken.took(&rec)
	s.op.Fold(&s.batch, rec.Position.Offset)
	s.stale = true
	if s.changed.IsZero() {
		s.changed = s.w.options.Clock()
	}
	s.w.status.folded(s.task, &s.batch, rec.Position.After(), s.op)
	if s.batch.Kind != record.End {
		return false, nil
	}
	run := s.batch.Run
	if err := s.flush(All); err != nil {
		return false, err
	}
	end := &record.Publication{Kind: record.End, Run: run, Watermark: s.op.Watermark()}
	return run == s.w.options.Run, s.append(broker.Payload{Body: record.AppendPublication(nil, end)})
}

// flush publishes what has changed. Where nothing has, what was read is left to the
// span of the next flush.
func (s *operating) flush(of Extent) error {
	var span *tracing.Span
	written := 0
	err := s.op.Flush(of, func(p *record.Publication) error {
		if span == nil {
			span = s.taken.span()
		}
		p.Watermark = s.op.Watermark()
		n := len(p.Updates) + len(p.Sessions)
		written += n
		return s.append(broker.Payload{Body: record.AppendPublication(nil, p), Count: n, Trace: span.Traceparent()})
	})
	span.End(written, err)
	if span == nil {
		s.taken.passed()
	}
	s.changed = time.Time{}
	return err
}

func (s *operating) append(p broker.Payload) error { return s.h.err(s.h.Append(s.h.work, p)) }

// keep saves the state: what a checkpoint includes has been published, or is in it
// as not published yet.
func (s *operating) keep() error {
	s.kept = s.w.options.Clock()
	of := Awaited
	if s.h.stopping() {
		of = Leaving
	}
	if of == Awaited && !s.stale {
		return nil
	}
	err := s.flush(of)
	if err != nil {
		return err
	}
	s.size, err = s.w.save(s.h, s.task, place{Read: s.in.Progress()}, s.op.Snapshot)
	s.stale = err != nil
	return s.w.later(s.h, s.task, err)
}
