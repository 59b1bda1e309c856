package worker

import (
	"context"
	"time"

	"github.com/tiendi/tiendi/internal/change"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// lagPause is how often the ends of the logs are asked for. To know it RabbitMQ has
// to deliver the newest messages: every ten seconds it was a seventh of a worker's time.
const lagPause = 30 * time.Second

// watchLag keeps the status's count of messages that are still to be taken.
func (w *Worker) watchLag(ctx context.Context) {
	for {
		select {
		case <-time.After(lagPause):
		case <-ctx.Done():
			return
		}
		ends := map[input]uint64{}
		for task, t := range w.status.all() {
			in := task.input()
			end, known := ends[in]
			if !known {
				end, _ = w.end(ctx, in) // what cannot be known now is asked for again
				ends[in] = end
			}
			if end > 0 && t.next > 0 {
				w.status.change(task, func(t *TaskStatus) { t.Messages = max(end, t.next) - t.next })
			}
		}
	}
}

// input is a partition that tasks read.
type input struct {
	topic     string
	partition int
}

// end is where a log ends. Offsets may have gaps, so what follows from it is at most
// so many messages.
func (w *Worker) end(ctx context.Context, in input) (uint64, error) {
	ctx, cancel := context.WithTimeout(ctx, lagPause)
	defer cancel()
	log, err := w.options.Broker.Open(ctx, in.topic, in.partition)
	if err != nil {
		return 0, err
	}
	bounds, err := log.Bounds(ctx)
	return bounds.Next, err
}

func (t Task) input() input {
	topic := record.TopicAggregated
	switch t.Stage {
	case ArchiveRaw, ArchiveChanges, ArchiveRejected:
		topic = archived[t.Stage]
	case Enrich:
		topic = record.TopicRaw
	case Aggregate, Sessionize, Events:
		topic = record.TopicEnriched
	case Changes:
		topic = change.Topic
	}
	return input{topic, t.Partition}
}
