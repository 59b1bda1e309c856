package worker

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/checkpoint"
)

// stateVersion is of what a checkpoint's data begin with: a line of JSON.
const stateVersion = 1

// place is that line.
type place struct {
	Read    broker.Progress `json:"read,omitzero"`    // what the state includes
	Written broker.Progress `json:"written,omitzero"` // what it wrote by then
	Intent  *intent         `json:"intent,omitempty"` // the last one by then
}

// every is how often a task's state is kept: large states more seldom, so that
// keeping them is a small part of the work. At four times as many bytes, those of four
// partitions with a million sessions each were a quarter of all that the pipeline did.
func every(size int) time.Duration {
	const atMost = 1 << 20 // bytes a second
	return max(checkpointPause, time.Duration(size)*time.Second/atMost)
}

// checkpointPause is the least time between two checkpoints.
const checkpointPause = 10 * time.Second

// restore gives where to go on, and has take read the state of that moment, if there
// is one. Where it cannot be had now, the claim is kept until it can; one that cannot be
// read may be another worker's to read.
func (w *Worker) restore(h *hold, task Task, take func(io.Reader) error) (at place, err error) {
	var unreadable error
	err = h.until(func() error {
		err := w.options.Checkpoints.Load(h.work, task.String(), func(c checkpoint.Checkpoint, data io.Reader) error {
			at, unreadable = readState(c, data, take)
			return nil
		})
		if errors.Is(err, checkpoint.ErrNone) {
			return nil
		}
		return err
	})
	if err == nil {
		err = unreadable
	}
	if err != nil {
		return at, fmt.Errorf("%s: %w", task, err)
	}
	return at, nil
}

func readState(c checkpoint.Checkpoint, data io.Reader, take func(io.Reader) error) (at place, err error) {
	if c.Version != stateVersion {
		return at, fmt.Errorf("its checkpoint is of version %d, and this release reads %d", c.Version, stateVersion)
	}
	in := bufio.NewReader(data)
	line, err := in.ReadSlice('\n')
	if err == nil {
		err = json.Unmarshal(line, &at)
	}
	if err != nil {
		return at, fmt.Errorf("its checkpoint's first line: %w", err)
	}
	return at, take(in)
}

// save keeps the state of a place, and says how many bytes it is, saved or not. An
// owner that has been succeeded is refused.
func (w *Worker) save(h *hold, task Task, at place, snapshot func(io.Writer) error) (size int, err error) {
	line, err := json.Marshal(at)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", task, err)
	}
	c := checkpoint.Checkpoint{Epoch: h.Epoch(), Version: stateVersion, Saved: w.options.Clock()}
	err = w.options.Checkpoints.Save(h.work, task.String(), c, func(out io.Writer) error {
		data := &counted{to: out}
		defer func() { size = data.bytes }()
		if _, err := data.Write(append(line, '\n')); err != nil {
			return err
		}
		return snapshot(data)
	})
	if err != nil {
		return size, fmt.Errorf("%s: %w", task, h.err(err))
	}
	w.status.checkpoint(task, c.Saved, size)
	return size, nil
}

// counted counts what is written.
type counted struct {
	to    io.Writer
	bytes int
}

// Write implements io.Writer.
func (c *counted) Write(b []byte) (int, error) {
	n, err := c.to.Write(b)
	c.bytes += n
	return n, err
}

// later passes over a checkpoint that could not be saved: the task goes on, and a
// successor has more to read again. Only who has been succeeded ends, and who is to
// stop says so.
func (w *Worker) later(h *hold, task Task, err error) error {
	if err == nil || errors.Is(err, checkpoint.ErrFenced) || h.work.Err() != nil || h.stopping() || w.options.Run != "" {
		return err
	}
	w.options.Log.Warn("a checkpoint is not saved", "task", task.String(), "err", err)
	return nil
}

// written is the place behind all that the owner has written: nobody else does.
func (w *Worker) written(h *hold, task Task) (broker.Progress, error) {
	topic, partition := task.output(w.options.Partitions)
	log, err := w.options.Broker.Open(h.work, topic, partition)
	if err != nil {
		return broker.Progress{}, h.err(err)
	}
	bounds, err := log.Bounds(h.work)
	if err != nil {
		return broker.Progress{}, h.err(err)
	}
	return broker.Progress{Log: bounds.ID, Partition: partition, Next: bounds.Next, Epoch: h.Epoch()}, nil
}
