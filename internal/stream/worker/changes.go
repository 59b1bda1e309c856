package worker

import (
	"context"

	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/change"
	"github.com/tiendi/tiendi/internal/stream/sink"
)

// changeSink takes database changes into the raw tables.
func (w *Worker) changeSink() rowSink {
	return rowSink{
		topic: change.Topic,
		count: func(rec *broker.Record) (rows int, run string, err error) {
			if rec.Count > 0 {
				return rec.Count, "", nil
			}
			b, err := change.Decode(rec.Body)
			if err != nil {
				return 0, "", err
			}
			return len(b.Changes), b.Run, nil
		},
		insert: func(ctx context.Context, token string, batches []broker.Packed) (sink.Taken, error) {
			bodies := make([][]byte, len(batches))
			for i := range batches {
				bodies[i] = batches[i].Body(new([]byte))
			}
			return w.options.Changes.Insert(ctx, token, bodies)
		},
	}
}
