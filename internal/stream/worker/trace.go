package worker

import (
	"time"

	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/tracing"
)

// unwritten is what a task has read since it wrote last, for the span of what it
// writes next. Without a tracer it is not kept.
type unwritten struct {
	tracer *tracing.Tracer
	clock  func() time.Time
	task   Task
	batch  tracing.Batch
	links  tracing.Links
	began  time.Time // when the first of it came
}

func (w *Worker) unwritten(task Task) unwritten {
	return unwritten{tracer: w.options.Tracer, clock: w.options.Clock, task: task}
}

// took adds a record.
func (u *unwritten) took(rec *broker.Record) {
	if u.tracer == nil {
		return
	}
	if u.batch.Messages == 0 {
		u.batch = tracing.Batch{Topic: u.task.input().topic, Partition: u.task.Partition, First: rec.Position.Offset}
		u.began = u.clock()
	}
	u.batch.Last = rec.Position.Offset
	u.batch.Messages++
	u.batch.Events += rec.Count
	u.batch.Bytes += len(rec.Body)
	u.links.Add(rec.Trace)
}

// span begins that of writing what came of all that was added, nil where it is
// nothing. What is added then is for the next one.
func (u *unwritten) span() *tracing.Span {
	if u.tracer == nil || u.batch.Messages == 0 {
		return nil
	}
	s := u.tracer.Process(string(u.task.Stage), u.batch, &u.links, u.began)
	u.batch = tracing.Batch{}
	u.links.Reset()
	return s
}

// passed says that nothing came of what was added. Ticks are then done with; what
// events do may still come.
func (u *unwritten) passed() {
	if u.batch.Events == 0 {
		u.batch = tracing.Batch{}
		u.links.Reset()
	}
}
