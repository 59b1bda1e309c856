package bench

import (
	"bytes"
	"context"
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	amqp "github.com/rabbitmq/amqp091-go"

	"github.com/tiendi/tiendi/internal/event"
)

// The worker gives ClickHouse so many rows at once, or what has come in so long; figures
// go as often.
const (
	naiveRows  = 50_000
	naivePause = time.Second
)

// naiveGarbage is the worker's GOGC: there is memory enough.
const naiveGarbage = 200

// naiveWorker reads the queue. Of what is written here there are as many as
// processors, which share the sinks.
type naiveWorker struct {
	registry *event.Registry
	channel  *amqp.Channel
	gather   *naiveGather
	sink     chan<- *naiveColumns
	empty    <-chan *naiveColumns // that can be filled again
	rows     *naiveColumns
	began    time.Time
	visits   []naiveVisit // of the message in hand
}

// naiveVisit is an event that figures count.
type naiveVisit struct {
	event  event.BaseEvent
	source string
}

// naiveWork reads the queue until something fails.
func naiveWork(s *naiveSettings) error {
	debug.SetGCPercent(naiveGarbage)
	registry, err := event.NewRegistry(nil, "")
	if err != nil {
		return err
	}
	failed := make(chan error, 8)
	rows, empty := make(chan *naiveColumns, 1), make(chan *naiveColumns, 4)
	gather := newNaiveGather()
	if err := naiveSinks(s, rows, empty, gather, failed); err != nil {
		return err
	}
	for range 2 {
		channel, err := naiveChannel(s.Broker)
		if err != nil {
			return err
		}
		w := &naiveWorker{registry: registry, channel: channel, gather: gather, sink: rows, empty: empty, rows: newNaiveColumns()}
		go func() { failed <- w.run() }()
	}
	return <-failed
}

func (w *naiveWorker) run() error {
	if err := w.channel.Qos(naivePrefetch, 0, false); err != nil {
		return err
	}
	messages, err := w.channel.ConsumeWithContext(context.Background(), naiveQueue, "", false, false, false, false, nil)
	if err != nil {
		return err
	}
	for tick := time.Tick(naivePause / 10); ; {
		select {
		case m, open := <-messages:
			if !open {
				return fmt.Errorf("the broker has ended")
			}
			if err := m.Ack(false); err != nil {
				return err
			}
			w.take(m.Body)
		case <-tick:
		}
		if n := w.rows.rows(); n >= naiveRows || n > 0 && time.Since(w.began) >= naivePause {
			w.sink <- w.rows
			select {
			case w.rows = <-w.empty:
			default:
				w.rows = newNaiveColumns()
			}
		}
	}
}

func (w *naiveWorker) take(text []byte) {
	now := time.Now()
	if w.rows.rows() == 0 {
		w.began = now
	}
	for line := range bytes.Lines(text) {
		ev, refused := w.registry.Parse(bytes.TrimSuffix(line, []byte("\n")), now)
		if refused != nil {
			continue
		}
		agent := ev.Context.UserAgent
		source, bot := naiveSource(&ev), strings.Contains(agent, "bot") || strings.Contains(agent, "Bot")
		w.rows.add(&ev, source, bot)
		if !bot && w.registry.Web(ev.Type) {
			w.visits = append(w.visits, naiveVisit{ev, source})
		}
	}
	w.gather.add(w.visits)
	w.visits = w.visits[:0]
}
