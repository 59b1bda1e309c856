package worker

import (
	"context"
	"time"

	"github.com/tiendi/tiendi/internal/stream/record"
)

// lagPause is how often the ends of the logs are asked for.
const lagPause = 10 * time.Second

// watchLag keeps the status's count of messages that are still to be taken.
func (w *Worker) watchLag(ctx context.Context) {
	for {
		select {
		case <-time.After(lagPause):
		case <-ctx.Done():
			return
		}
		for task, t := range w.status.all() {
			if end, err := w.end(ctx, task); err == nil && t.next > 0 {
				w.status.change(task, func(t *TaskStatus) { t.Messages = max(end, t.next) - t.next })
			}
		}
	}
}

// end is where the log ends that the task reads. Offsets may have gaps, so what
// follows from it is at most so many messages.
func (w *Worker) end(ctx context.Context, task Task) (uint64, error) {
	ctx, cancel := context.WithTimeout(ctx, lagPause)
	defer cancel()
	log, err := w.options.Broker.Open(ctx, task.input(), task.Partition)
	if err != nil {
		return 0, err
	}
	bounds, err := log.Bounds(ctx)
	return bounds.Next, err
}

// input is the topic that the task reads.
func (t Task) input() string {
	switch t.Stage {
	case Enrich:
		return record.TopicRaw
	case Aggregate, Sessionize, Events:
		return record.TopicEnriched
	}
	return record.TopicAggregated
}
