package worker

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/stream/sink"
)

// keepAt does a task again and again, as long as it may, or up to the run's mark.
func (w *Worker) keepAt(ctx context.Context, task Task) error {
	since := w.options.Clock() // it worked last
	for pause := firstPause; ; pause = min(2*pause, lastPause) {
		began := w.options.Clock()
		err := w.perform(ctx, task)
		if now := w.options.Clock(); now.Sub(began) > lastPause {
			since, pause = now, firstPause
		}
		switch {
		case err == nil || ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, broker.ErrHeld) && w.options.Run == "":
			pause = firstPause // it is being let go
		case errors.Is(err, broker.ErrHeld) && w.options.Clock().Sub(since) > patience:
			return fmt.Errorf("%w\n  another tiendi stream is at work there, and its figures are live; stop it, or do without --once", err)
		case !errors.Is(err, sink.ErrMoved):
			if brokerAway(err) {
				pause = min(pause, brokerPause)
			}
			w.failed(task, err, pause)
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// brokerAway says whether an interruption may be the broker's alone.
func brokerAway(err error) bool {
	return errors.Is(err, errLost) || errors.Is(err, broker.ErrUnavailable) || errors.Is(err, broker.ErrUnconfirmed)
}

func (w *Worker) failed(task Task, err error, again time.Duration) {
	w.status.failed(task, err)
	w.metrics.failures.WithLabelValues(string(task.Stage)).Inc()
	if others, told := w.complaints.speak(task, err, w.options.Clock()); told {
		w.options.Log.Warn("a task is interrupted", "task", task.String(), "others", others, "err", err, "again_in", again)
	}
}

// wrote counts what a sink has taken.
func (w *Worker) wrote(task Task, began time.Time, n int, next uint64, watermark time.Time) {
	w.status.wrote(task, n, next, watermark)
	w.metrics.writes.WithLabelValues(string(task.Stage)).Observe(w.options.Clock().Sub(began).Seconds())
}

// Status says how each task of this worker is doing.
func (w *Worker) Status() []TaskStatus { return w.status.list() }

// Ready is nil when every task that falls to this worker is at work.
func (w *Worker) Ready() error {
	for _, t := range w.status.list() {
		if t.State == failing {
			return fmt.Errorf("%s/%d: %s", t.Stage, t.Partition, t.Error)
		}
	}
	return nil
}

// perform does a task until it is told to stop, or fails.
func (w *Worker) perform(stop context.Context, task Task) error {
	switch task.Stage {
	case Enrich:
		return w.enrich(stop, task)
	case Aggregate:
		return w.operate(stop, task, w.options.Windows())
	case Sessionize:
		return w.operate(stop, task, w.options.Session())
	case Events:
		return w.insert(stop, task, w.eventSink())
	case Changes:
		return w.insert(stop, task, w.changeSink())
	case ArchiveRaw, ArchiveChanges, ArchiveRejected:
		return w.archive(stop, task)
	}
	return w.apply(stop, task, w.options.Targets[task.Stage])
}
