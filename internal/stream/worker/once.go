package worker

import (
	"context"
	"fmt"
	"time"

	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/change"
	"github.com/tiendi/tiendi/internal/stream/enrich"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// MarkEnd puts the mark of a run into each raw partition, and each of database changes,
// behind all that is there. Stages pass it on, and with Options.Run of that name end
// there.
func MarkEnd(ctx context.Context, b broker.Broker, partitions int, run string) error {
	for topic, body := range map[string][]byte{record.TopicRaw: enrich.EndLine(run), change.Topic: change.EndMark(run)} {
		p := broker.NewProducer(b, topic)
		for partition := range partitions {
			if err := p.Append(ctx, p.Batch(partition, body, 0)); err != nil {
				return fmt.Errorf("mark the end of what is in the log: %w", err)
			}
		}
	}
	return nil
}

// patience is how long Once waits for a task that another worker holds: one that
// died has let go by then.
const patience = 15 * time.Second

// Once does all tasks up to the mark of the run, and returns when all are done. A
// task that another worker holds is an error.
func (w *Worker) Once(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	for _, task := range tasksOf(w.options.Stages, w.options.Partitions) {
		w.tasks.Go(func() {
			if err := w.keepAt(ctx, task); err != nil {
				cancel(fmt.Errorf("%s: %w", task, err))
			}
		})
	}
	w.tasks.Wait()
	return context.Cause(ctx)
}
