package collect

import (
	"context"
	"errors"
	"time"

	"github.com/tiendi/tiendi/internal/broker"
)

// Pauses between tries to reach a broker that is away.
const (
	firstPause = 100 * time.Millisecond
	lastPause  = 2 * time.Second
)

// drain appends what lies in the spool, oldest first, whenever something does.
// What is left when the context ends is for the next start.
func (l *lane) drain(ctx context.Context) {
	for {
		if l.backlog.empty() {
			select {
			case <-l.spooled:
				continue
			case <-ctx.Done():
				return
			}
		}
		if !l.drainOne(ctx) {
			return
		}
		if l.backlog.empty() {
			l.log.Info("what was in the spool is in the log")
		}
	}
}

// drainOne moves the oldest batch, trying as long as it takes. It gives false
// when the context has ended.
func (l *lane) drainOne(ctx context.Context) bool {
	b, err := l.backlog.oldest()
	if err != nil {
		l.log.Error("a part of the spool cannot be read; it is set aside", "err", err)
		l.metrics.damaged.Inc()
		return ctx.Err() == nil
	}
	for pause := firstPause; ; pause = min(2*pause, lastPause) {
		err := l.append(ctx, b)
		switch {
		case err == nil:
			l.backlog.drop()
			return true
		case ctx.Err() != nil:
			return false
		case errors.Is(err, broker.ErrLate):
			// Too old to be recognised by its number: its events' ids remain.
			from := b.Trace
			b = l.topic.Log.Batch(l.partition, b.Body, b.Count)
			b.Trace = from
			continue
		}
		if !errors.Is(err, broker.ErrUnavailable) && !errors.Is(err, broker.ErrUnconfirmed) {
			l.log.Error("the spool cannot be sent, and waiting alone will not mend it", "err", err, "again_in", pause)
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return false
		}
	}
}
