package bench

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"

	amqp "github.com/rabbitmq/amqp091-go"

	"github.com/tiendi/tiendi/internal/event"
)

// The worker gives its sinks so many rows at once, or what has come in so long.
const (
	naiveRows  = 50_000
	naivePause = time.Second
)

// naiveWorker reads the queue. Of what is written here there are as many as
// processors, which share the sinks.
type naiveWorker struct {
	registry *event.Registry
	channel  *amqp.Channel
	sinks    []chan<- *naiveBatch
	batch    *naiveBatch
}

// naiveWork reads the queue until something fails.
func naiveWork(s *naiveSettings) error {
	registry, err := event.NewRegistry(nil, "")
	if err != nil {
		return err
	}
	failed := make(chan error, 8)
	var sinks []chan<- *naiveBatch
	for _, open := range []func(*naiveSettings) (func(*naiveBatch) error, error){naiveClickHouse, naiveRedis, naivePostgres} {
		write, err := open(s)
		if err != nil {
			return err
		}
		batches := make(chan *naiveBatch, 1)
		sinks = append(sinks, batches)
		go func() {
			for b := range batches {
				if err := write(b); err != nil {
					failed <- err
				}
			}
		}()
	}
	for range 2 {
		channel, err := naiveChannel(s.Broker)
		if err != nil {
			return err
		}
		w := &naiveWorker{registry, channel, sinks, newNaiveBatch()}
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
		b := w.batch
		if n := b.rows.rows(); n >= naiveRows || n > 0 && time.Since(b.began) >= naivePause {
			for _, sink := range w.sinks {
				sink <- b
			}
			w.batch = newNaiveBatch()
		}
	}
}

func (w *naiveWorker) take(text []byte) {
	now := time.Now()
	if w.batch.rows.rows() == 0 {
		w.batch.began = now
	}
	for line := range bytes.Lines(text) {
		ev, refused := w.registry.Parse(bytes.TrimSuffix(line, []byte("\n")), now)
		if refused != nil {
			continue
		}
		agent := ev.Context.UserAgent
		source, bot := naiveSource(&ev), strings.Contains(agent, "bot") || strings.Contains(agent, "Bot")
		w.batch.rows.add(&ev, source, bot)
		if !bot && w.registry.Web(ev.Type) {
			w.batch.count(&ev, source)
		}
	}
}
