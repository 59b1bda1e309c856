package worker

import (
	"context"
	"iter"

	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/stream/record"
	"github.com/tiendi/tiendi/internal/stream/sink"
)

// rowSink is a sink that takes each message of a topic once, under a token.
type rowSink struct {
	topic string
	// count is how many rows a message has, and which run it ends.
	count func(rec *broker.Record) (rows int, run string, err error)
	// insert adds nothing that is there under its token already.
	insert func(ctx context.Context, token string, batches []broker.Packed) (sink.Taken, error)
}

func (w *Worker) eventSink() rowSink {
	return rowSink{
		topic: record.TopicEnriched,
		count: func(rec *broker.Record) (rows int, run string, err error) {
			var b record.Batch
			if rows, err = record.ReadHead(rec.Body, &b); b.Kind == record.End {
				run = b.Run
			}
			return rows, run, err
		},
		insert: func(ctx context.Context, token string, batches []broker.Packed) (sink.Taken, error) {
			return sink.Taken{}, w.options.Events.Insert(ctx, token, unpacked(batches))
		},
	}
}

// unpacked gives the bodies, each in place of the one before.
func unpacked(batches []broker.Packed) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		var buffer []byte
		for _, b := range batches {
			if !yield(b.Body(&buffer)) {
				return
			}
		}
	}
}
