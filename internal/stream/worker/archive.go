package worker

import (
	"context"
	"io"
	"math"
	"time"

	"github.com/tiendi/tiendi/internal/archive"
	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/change"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// The stages that put a topic into the archive, as it is.
const (
	ArchiveRaw      Stage = "archive_raw"
	ArchiveChanges  Stage = "archive_cdc"
	ArchiveRejected Stage = "archive_rejected"
)

// Archives are those stages, in the order of their claims.
var Archives = []Stage{ArchiveRaw, ArchiveChanges, ArchiveRejected}

var archived = map[Stage]string{ArchiveRaw: record.TopicRaw, ArchiveChanges: change.Topic, ArchiveRejected: record.TopicRejected}

// TopicArchive has a partition for each partition of each archived topic. Claiming it is
// the right to write the files of that partition; which files there are to be is
// written into it before they are.
const TopicArchive = "analytics.archive"

// ArchivePartitions is how many partitions TopicArchive has for a stream of so many.
func ArchivePartitions(partitions int) int { return partitions * len(Archives) }

// Archive is where files are kept; archive.Archive says what each call does.
type Archive interface {
	Write(ctx context.Context, s archive.Span, p *archive.Part) error
	End(ctx context.Context, topic string, partition int, log string) (uint64, error)
	Trim(ctx context.Context, topic string, partition int, now time.Time) error
}

// filing is an intent: the file that is written next. A successor writes the same one
// again, whether or not it is there.
type filing struct {
	From  broker.Progress `json:"from"`
	To    broker.Progress `json:"to"`
	Began time.Time       `json:"began"`
}

// archiving is the task at work.
type archiving struct {
	w     *Worker
	h     *hold
	task  Task
	topic string

	in      *broker.Reader
	taken   unwritten
	part    *archive.Part
	began   time.Time       // when the oldest message in it came
	from    broker.Progress // where it begins
	last    *filing         // the newest
	end     uint64          // of a run, above all offsets where there is none
	kept    time.Time
	trimmed time.Time
	stale   bool
}

// archive puts a partition of a topic into the archive.
func (w *Worker) archive(stop context.Context, task Task) error {
	h, err := w.hold(stop, task)
	if err != nil {
		return err
	}
	defer h.end()
	s := &archiving{w: w, h: h, task: task, topic: archived[task.Stage], kept: w.options.Clock(), taken: w.unwritten(task)}
	s.part = archive.NewPart(s.topic)
	if err := s.readBack(); err != nil {
		return err
	}
	if err := s.begin(); err != nil {
		return err
	}
	defer s.in.Close()
	if err := s.repeat(); err != nil || h.stopping() {
		return err // what was read again belongs to the last file, and to no other
	}
	w.status.running(task)
	w.status.wrote(task, 0, s.from.Next, time.Time{}) // from there it lags
	return s.loop()
}

// readBack finds the last file that the predecessors announced.
func (s *archiving) readBack() error {
	at, err := s.w.restore(s.h, s.task, func(state io.Reader) error {
		body, err := io.ReadAll(state)
		if err != nil {
			return err
		}
		return s.announced(body)
	})
	if err != nil {
		return err
	}
	return s.h.readBack(at.Written, s.announced)
}

func (s *archiving) announced(body []byte) error {
	s.last = &filing{}
	return s.h.announced(body, s.last)
}

// begin opens the topic behind what is in the archive: where the last file ends, if it
// was finished, and else where it begins. The archive is asked, too, because it is kept
// for longer than the log of intents.
func (s *archiving) begin() error {
	log, err := s.w.options.Broker.Open(s.h.work, s.topic, s.task.Partition)
	if err != nil {
		return s.h.err(err)
	}
	bounds, err := log.Bounds(s.h.work)
	if err != nil {
		return s.h.err(err)
	}
	s.end = math.MaxUint64
	if s.w.options.Run != "" {
		s.end = bounds.Next
	}
	from := broker.Progress{Partition: s.task.Partition}
	if s.last != nil {
		from = s.last.From
	}
	var filed uint64
	err = s.h.until(func() (err error) {
		filed, err = s.w.options.Archive.End(s.h.work, s.topic, s.task.Partition, bounds.ID)
		return err
	})
	if err != nil {
		return err
	}
	switch {
	case s.last != nil && filed == s.last.To.Next && s.last.To.Log == bounds.ID:
		from, s.last = s.last.To, s.finished()
	case filed > from.Next && (s.last == nil || filed > s.last.To.Next):
		from, s.last = broker.Progress{Log: bounds.ID, Partition: s.task.Partition, Next: filed}, s.finished()
	}
	s.in, err = broker.Read(s.h.work, s.w.options.Broker, s.topic, from, s.w.options.Log)
	return s.h.err(err)
}

// finished is the last filing with nothing left of it to do: what it still says is that
// time has not gone back.
func (s *archiving) finished() *filing {
	if s.last == nil {
		return nil
	}
	return &filing{From: s.last.To, To: s.last.To, Began: s.last.Began}
}

// repeat writes the last file again: whoever announced it may have died then.
func (s *archiving) repeat() error {
	s.from = s.in.Progress()
	if s.last == nil || s.from.Next >= s.last.To.Next {
		return nil
	}
	for s.in.Progress().Next < s.last.To.Next {
		// Behind the file's last message its writer may have passed over some that were
		// doubled: the next one is not the file's.
		rec, ok, err := s.h.nextBefore(s.in, s.last.To.Next, s.w.options.Clock().Add(checkpointPause))
		if err == nil && ok {
			err = s.take(rec)
		}
		if err != nil || s.h.stopping() {
			return err
		}
	}
	return s.perform(s.last)
}
