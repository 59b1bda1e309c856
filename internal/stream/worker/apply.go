package worker

import (
	"context"
	"errors"
	"time"

	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/stream/record"
	"github.com/tiendi/tiendi/internal/stream/sink"
)

// A target is given so many publications at once, or so many bytes of them, or what has
// come in so long: of a window that changes all the time it writes the latest state only,
// and the longer it waits the less it has to do. Redis is what people watch; ClickHouse
// pays for each insert, PostgreSQL for each row. What is written takes a few times its
// bytes meanwhile.
const (
	applyMost  = 64
	applyBytes = 8 << 20
)

var applyPauses = map[Stage]time.Duration{Redis: 50 * time.Millisecond, ClickHouse: 5 * time.Second, PostgreSQL: 3 * time.Second}

// applying is the task at work.
type applying struct {
	w      *Worker
	h      *hold
	task   Task
	target sink.Target

	in      *broker.Reader
	taken   unwritten
	from    broker.Progress // where the target is
	held    []broker.Packed // publications
	bytes   int             // of them
	began   time.Time       // when the oldest of them came
	ended   bool            // the run's end is among them
	trimmed time.Time
}

// apply writes a partition of the aggregated topic into a target, from where the
// target says that it is.
func (w *Worker) apply(stop context.Context, task Task, target sink.Target) error {
	h, err := w.hold(stop, task)
	if err != nil {
		return err
	}
	defer h.end()
	s := &applying{w: w, h: h, task: task, target: target, taken: w.unwritten(task)}
	err = h.until(func() (err error) {
		s.from, err = target.Applied(h.work, task.Partition)
		return err
	})
	if err != nil {
		return err
	}
	s.from.Partition = task.Partition
	if s.in, err = broker.Read(h.work, w.options.Broker, record.TopicAggregated, s.from, w.options.Log); err != nil {
		return h.err(err)
	}
	defer s.in.Close()
	w.status.running(task)
	return s.loop()
}

func (s *applying) loop() error {
	for {
		rec, ok, err := s.h.next(s.in, s.due())
		if err == nil && ok && !rec.Claim() {
			err = s.take(rec)
		}
		if err != nil {
			return err
		}
		now := s.w.options.Clock()
		if len(s.held) > 0 && (s.ended || s.h.stopping() || s.full() || now.Sub(s.began) >= applyPauses[s.task.Stage]) {
			if err := s.write(); err != nil {
				return err
			}
		}
		s.trim(now)
		if s.ended || s.h.stopping() {
			return nil
		}
	}
}

func (s *applying) due() time.Time {
	if len(s.held) > 0 {
		return s.began.Add(applyPauses[s.task.Stage])
	}
	return s.w.options.Clock().Add(checkpointPause)
}

func (s *applying) full() bool { return len(s.held) >= applyMost || s.bytes >= applyBytes }

func (s *applying) take(rec broker.Record) error {
	p, err := record.ReadMark(rec.Body)
	if err != nil {
		return err
	}
	if len(s.held) == 0 {
		s.began = s.w.options.Clock()
	}
	s.held, s.bytes = append(s.held, rec.Packed), s.bytes+len(rec.Body)
	s.taken.took(&rec)
	s.ended = s.ended || p.Kind == record.End && p.Run == s.w.options.Run
	return nil
}

// read gives what is held.
func (s *applying) read() (publications []*record.Publication, err error) {
	for _, packed := range s.held {
		p, err := record.ReadPublication(packed.Body(new([]byte)))
		if err != nil {
			return nil, err
		}
		publications = append(publications, p)
	}
	return publications, nil
}

// write applies what is held, trying as long as it takes, when it is the task's turn.
// A target that has moved ends the task, which then begins again from where the target
// is.
func (s *applying) write() error {
	done, err := s.w.turn(s.h.work, s.task.Stage)
	if err != nil {
		return s.h.err(err)
	}
	defer done()
	publications, err := s.read()
	if err != nil {
		return err
	}
	to := s.in.Progress()
	moved := false
	span := s.taken.span()
	began := s.w.options.Clock()
	err = s.h.until(func() error {
		err := s.target.Apply(s.h.work, s.from, to, publications)
		span.Failed(err)
		if moved = errors.Is(err, sink.ErrMoved); moved {
			return nil
		}
		return err
	})
	switch {
	case err != nil:
		span.End(0, err)
		return err
	case moved:
		span.End(0, sink.ErrMoved)
		return sink.ErrMoved
	}
	span.End(count(publications), nil)
	s.w.wrote(s.task, began, count(publications), to.Next, publications[len(publications)-1].Watermark)
	s.from, s.held, s.bytes = to, nil, 0
	return nil
}

// count is how many windows and sessions there are.
func count(publications []*record.Publication) (n int) {
	for _, p := range publications {
		n += len(p.Updates) + len(p.Sessions)
	}
	return n
}
