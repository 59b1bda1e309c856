package worker

import (
	"fmt"
	"io"

	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/stream/sink"
)

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

// readBack finds the last intent of the predecessors.
func (s *inserting) readBack() error {
	at, err := s.w.restore(s.h, s.task, func(io.Reader) error { return nil })
	if err != nil {
		return err
	}
	s.last = at.Intent
	return s.h.readBack(at.Written, func(body []byte) error {
		s.last = &intent{}
		return s.h.announced(body, s.last)
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

// write announces the rows, then inserts them.
func (s *inserting) write() error {
	next := &intent{From: s.from, To: s.in.Progress().Next}
	if err := s.h.announce(next); err != nil {
		return err
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
	took := s.w.options.Clock().Sub(began)
	s.pause = min(max(shortestPause, pauseOfInsert*took), longestPause)
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
