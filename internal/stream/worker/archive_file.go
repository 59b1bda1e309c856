package worker

import (
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/tiendi/tiendi/internal/archive"
	"github.com/tiendi/tiendi/internal/broker"
)

// A file ends when it holds so much, uncompressed or in memory, when its first message
// has waited so long, and with the hour. Until it is written the log has it all.
const (
	archiveBytes = 64 << 20
	archiveHeld  = 8 << 20
	archivePause = 10 * time.Minute
)

// trimArchivePause is how often files are looked for that are too old: they go by the
// hour.
const trimArchivePause = time.Hour

func (s *archiving) loop() error {
	for {
		now := s.w.options.Clock()
		ended := s.in.Progress().Next >= s.end
		var err error
		if s.part.Events() > 0 && (ended || s.h.stopping() || s.full(now)) {
			err = s.write()
		}
		if err == nil && s.stale && (ended || s.h.stopping() || now.Sub(s.kept) > checkpointPause) {
			err = s.keep()
		}
		if err == nil {
			err = s.trim(now)
		}
		if err != nil || ended || s.h.stopping() {
			return err
		}
		rec, ok, err := s.h.nextBefore(s.in, s.end, s.due(now))
		if err == nil && ok {
			err = s.take(rec)
		}
		if err != nil {
			return err
		}
	}
}

// full says whether the file ends here.
func (s *archiving) full(now time.Time) bool {
	return s.part.Bytes() >= archiveBytes || s.part.Held() >= archiveHeld || !now.Before(s.ends())
}

// ends is when the file in the making ends at the latest.
func (s *archiving) ends() time.Time {
	hour := s.began.Truncate(time.Hour).Add(time.Hour)
	if late := s.began.Add(archivePause); late.Before(hour) {
		return late
	}
	return hour
}

// due is when there is something to do although nothing has come.
func (s *archiving) due(now time.Time) time.Time {
	due := now.Add(checkpointPause)
	if s.part.Events() > 0 && s.ends().Before(due) {
		due = s.ends()
	}
	return due
}

func (s *archiving) take(rec broker.Record) error {
	if rec.Claim() {
		return nil
	}
	before := s.part.Events()
	if err := s.part.Add(rec.Body); err != nil {
		return fmt.Errorf("partition %d, offset %d: %w", s.task.Partition, rec.Position.Offset, err)
	}
	if s.part.Events() == before {
		return nil
	}
	s.taken.took(&rec)
	if before == 0 {
		s.began = s.w.options.Clock().UTC()
		if s.last != nil && s.began.Before(s.last.Began) {
			s.began = s.last.Began // another host's clock is behind: files go by the hour in order
		}
	}
	return nil
}

// write announces the file, then writes it.
func (s *archiving) write() error {
	next := &filing{From: s.from, To: s.in.Progress(), Began: s.began}
	if err := s.h.announce(next); err != nil {
		return err
	}
	s.last = next
	return s.perform(next)
}

// perform writes a file, trying as long as it takes.
func (s *archiving) perform(f *filing) error {
	began, events := s.w.options.Clock(), s.part.Events()
	span := archive.Span{
		Topic: s.topic, Partition: s.task.Partition, Log: f.From.Log, From: f.From.Next, To: f.To.Next, Began: f.Began,
	}
	trace := s.taken.span()
	err := s.h.until(func() error {
		err := s.w.options.Archive.Write(s.h.work, span, s.part)
		trace.Failed(err)
		return err
	})
	trace.End(events, err)
	if err != nil {
		return err
	}
	s.w.wrote(s.task, began, events, f.To.Next, time.Time{})
	s.part = archive.NewPart(s.topic)
	s.from, s.stale = s.in.Progress(), true
	return nil
}

// keep saves where a successor has to look for intents from.
func (s *archiving) keep() error {
	s.kept = s.w.options.Clock()
	written, err := s.w.written(s.h, s.task)
	if err == nil {
		_, err = s.w.save(s.h, s.task, place{Written: written}, func(w io.Writer) error { return json.NewEncoder(w).Encode(s.last) })
	}
	s.stale = err != nil
	return s.w.later(s.h, s.task, err)
}

// trim deletes what is not kept any longer. Nothing depends on it, so an error only
// waits for the next time.
func (s *archiving) trim(now time.Time) error {
	if now.Sub(s.trimmed) < trimArchivePause {
		return nil
	}
	s.trimmed = now
	if err := s.w.options.Archive.Trim(s.h.work, s.topic, s.task.Partition, now); err != nil && s.h.work.Err() == nil {
		s.w.options.Log.Warn("what the archive does not keep could not be removed from it", "task", s.task.String(), "err", err, "again_in", trimArchivePause)
	}
	return nil
}
