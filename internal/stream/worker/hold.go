package worker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/tiendi/tiendi/internal/broker"
)

// drainTime bounds what a task still does once it is told to stop.
const drainTime = 30 * time.Second

// errLost: another owner may have the partition by now.
var errLost = errors.New("the claim is lost")

// hold is a claimed task.
type hold struct {
	*broker.Owner
	w    *Worker
	task Task
	stop context.Context // ends when the task should: it drains
	work context.Context // ends when it must: the claim is lost, or draining takes too long
	end  func()
}

// hold claims what the task writes to.
func (w *Worker) hold(stop context.Context, task Task) (*hold, error) {
	topic, partition := task.output(w.options.Partitions)
	owner, err := broker.Claim(stop, w.options.Broker, topic, partition)
	if err != nil {
		return nil, err
	}
	work, cancel := context.WithCancelCause(context.WithoutCancel(stop))
	h := &hold{Owner: owner, w: w, task: task, stop: stop, work: work}
	h.end = func() {
		cancel(nil)
		_ = owner.Close() // what it wrote is confirmed
	}
	go h.watch(cancel)
	return h, nil
}

func (h *hold) watch(cancel context.CancelCauseFunc) {
	select {
	case <-h.Lost():
		cancel(errLost)
		return
	case <-h.work.Done():
		return
	case <-h.stop.Done():
	}
	select {
	case <-h.Lost():
		cancel(errLost)
	case <-h.work.Done():
	case <-time.After(drainTime):
		cancel(fmt.Errorf("stopping took more than %v", drainTime))
	}
}

// stopping says whether the task is to drain.
func (h *hold) stopping() bool { return h.stop.Err() != nil }

// err is why the work has ended, if it has: the cause rather than what it did to
// whoever was at work.
func (h *hold) err(err error) error {
	if cause := context.Cause(h.work); cause != nil && h.work.Err() != nil {
		return cause
	}
	return err
}

// next waits for a record until a time, the task's stop, or the end of its work.
// There is none, and no error, when the time has come or the task is to stop.
func (h *hold) next(r *broker.Reader, until time.Time) (rec broker.Record, ok bool, err error) {
	return h.nextBefore(r, math.MaxUint64, until)
}

// nextBefore is next as far as an offset; there is none once all below it was read.
func (h *hold) nextBefore(r *broker.Reader, end uint64, until time.Time) (rec broker.Record, ok bool, err error) {
	ctx, cancel := context.WithDeadline(h.work, until)
	defer cancel()
	defer context.AfterFunc(h.stop, cancel)()
	rec, ok, err = r.NextBefore(ctx, end)
	switch {
	case err == nil:
		return rec, ok, nil
	case h.work.Err() == nil && ctx.Err() != nil:
		return rec, false, nil
	}
	return rec, false, h.err(err)
}

// readBack reads what the predecessors wrote to the task's output, from a place up to
// the claim of this owner.
func (h *hold) readBack(from broker.Progress, take func(body []byte) error) error {
	topic, partition := h.task.output(h.w.options.Partitions)
	from.Partition = partition
	r, err := broker.Read(h.work, h.w.options.Broker, topic, from, h.w.options.Log)
	if err != nil {
		return h.err(err)
	}
	defer r.Close()
	for {
		rec, err := r.Next(h.work)
		switch {
		case err != nil:
			return h.err(err)
		case rec.Claim() && rec.Epoch == h.Epoch():
			return nil
		case rec.Claim():
			continue
		}
		if err := take(rec.Body); err != nil {
			return err
		}
	}
}

// until tries something as long as it takes, while the claim holds. Whatever it is
// may be done twice.
func (h *hold) until(try func() error) error {
	for pause := firstPause; ; pause = min(2*pause, lastPause) {
		err := try()
		if err == nil || h.work.Err() != nil {
			return h.err(err)
		}
		h.w.failed(h.task, err, pause)
		select {
		case <-time.After(pause):
		case <-h.stop.Done():
			return err
		case <-h.work.Done():
			return h.err(err)
		}
	}
}

// Pauses between tries. A task whose broker is away does nothing at all, so it waits for
// that one no longer than its readers do.
const (
	firstPause  = 200 * time.Millisecond
	lastPause   = 5 * time.Second
	brokerPause = 2 * time.Second
)

// announce writes what the task is about to do, so that a successor does it again.
func (h *hold) announce(next any) error {
	body, err := json.Marshal(next)
	if err != nil {
		return err
	}
	if err := h.Append(h.work, broker.Payload{Body: body}); err != nil {
		return h.err(err)
	}
	return nil
}

// announced reads what a predecessor announced.
func (h *hold) announced(body []byte, last any) error {
	if err := json.Unmarshal(body, last); err != nil {
		return fmt.Errorf("%s: its last intent: %w", h.task, err)
	}
	return nil
}
