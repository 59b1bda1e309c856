package worker

import (
	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/change"
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
		insert: w.options.Changes.Insert,
	}
}
