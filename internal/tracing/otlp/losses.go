package otlp

import (
	"log/slog"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Why spans are lost, as the label reason has it.
const (
	full     = "queue_full" // too many wait: the receiver is slow, or away
	failed   = "failed"     // the receiver is away, or refuses the batch
	rejected = "rejected"   // the receiver took the batch, but not these
)

// tellPause is how often the log is told of losses.
const tellPause = time.Minute

// losses counts spans, and tells of those that are lost.
type losses struct {
	exported prometheus.Counter
	dropped  *prometheus.CounterVec // by reason
	log      *slog.Logger

	mu     sync.Mutex
	untold int
	why    error // the last
	told   time.Time
}

func newLosses(log *slog.Logger) *losses {
	l := &losses{
		exported: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "tiendi_traces_spans_exported_total", Help: "Spans that the receiver of traces has taken.",
		}),
		dropped: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "tiendi_traces_spans_dropped_total", Help: "Spans that are lost: the queue was full, posting failed, or the receiver rejected them.",
		}, []string{"reason"}),
		log: log,
	}
	for _, reason := range []string{full, failed, rejected} {
		l.dropped.WithLabelValues(reason)
	}
	return l
}

// lost counts spans that are, and says so now and then.
func (l *losses) lost(n int, reason string, err error) {
	l.dropped.WithLabelValues(reason).Add(float64(n))
	l.mu.Lock()
	defer l.mu.Unlock()
	l.untold += n
	l.why = err
	if time.Since(l.told) >= tellPause {
		l.tell()
	}
}

// last tells of what is untold.
func (l *losses) last() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tell()
}

// tell needs the lock.
func (l *losses) tell() {
	if l.untold == 0 {
		return
	}
	l.log.Warn("spans are dropped; what they are about goes on", "spans", l.untold, "err", l.why)
	l.untold, l.told = 0, time.Now()
}
