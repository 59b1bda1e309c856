package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/broker/embedded"
	"github.com/tiendi/tiendi/internal/broker/rabbitmq"
	changes "github.com/tiendi/tiendi/internal/change"
	"github.com/tiendi/tiendi/internal/ingest/collect"
	"github.com/tiendi/tiendi/internal/local"
	"github.com/tiendi/tiendi/internal/profile"
	"github.com/tiendi/tiendi/internal/stream/record"
	"github.com/tiendi/tiendi/internal/stream/worker"
)

// keepEvents is how long the log has an event: long enough to mend what reads it.
const keepEvents = 7 * 24 * time.Hour

// eventLog is the broker of a target. It may be away when the collector starts:
// connecting is then tried again with each call.
type eventLog struct {
	connect func() (broker.Broker, error)
	topics  []broker.Topic
	lease   *local.Lease // of the embedded broker, nil for another one

	mu     sync.Mutex
	broker broker.Broker
	failed error // the last try's
	tried  time.Time
}

// again is when another connection is tried; until then the last error holds, so
// that callers who have waited for a try do not each make their own.
const again = time.Second

// collectTopics are those that the collector writes.
func collectTopics(partitions int) []broker.Topic {
	return []broker.Topic{keptTopic(record.TopicRaw, partitions), keptTopic(record.TopicRejected, partitions)}
}

// streamTopics are those that the workers of a stream read and write.
func streamTopics(partitions int) []broker.Topic {
	return append(collectTopics(partitions),
		keptTopic(record.TopicEnriched, partitions), keptTopic(record.TopicAggregated, 2*partitions),
		keptTopic(worker.TopicSinks, worker.SinkPartitions(partitions)),
		keptTopic(changes.Topic, partitions), keptTopic(worker.TopicChangeSinks, partitions),
		keptTopic(worker.TopicArchive, worker.ArchivePartitions(partitions)))
}

func keptTopic(name string, partitions int) broker.Topic {
	return broker.Topic{Name: name, Partitions: partitions, Retention: broker.Retention{Age: keepEvents}}
}

// openLog connects to the target's broker and declares the topics. A broker that is
// away is there later.
func (a *App) openLog(ctx context.Context, s profile.Settings, topics ...broker.Topic) (*eventLog, error) {
	l, err := a.logOf(ctx, s, topics...)
	if err != nil {
		return nil, err
	}
	why, err := l.reach(ctx)
	if err != nil {
		l.close()
		return nil, err
	}
	if why != nil {
		a.warn(fmt.Sprintf("the broker is not there yet, and is tried again: %v", why))
	}
	return l, nil
}

// logOf is the log of the target, not yet connected.
func (a *App) logOf(ctx context.Context, s profile.Settings, topics ...broker.Topic) (*eventLog, error) {
	l := &eventLog{topics: topics}
	switch s.Broker.Type {
	case profile.RabbitMQ:
		config := rabbitmq.Config{URL: s.Broker.URL.Reveal()}
		l.connect = func() (broker.Broker, error) { return rabbitmq.Connect(config, a.Log) }
	default:
		var err error
		if l.lease, err = a.acquire(ctx, s.Warehouse.MemoryLimit); err != nil {
			return nil, err
		}
		l.connect = func() (broker.Broker, error) { return embedded.Connect(l.lease.Broker(), a.Log) }
	}
	return l, nil
}

// reach connects for the first time. A broker that is away, or goes away while it is
// told of the topics, is no error: each call tries it again, and why says so.
func (l *eventLog) reach(ctx context.Context) (why, err error) {
	_, err = l.get(ctx)
	if errors.Is(err, broker.ErrUnavailable) || errors.Is(err, broker.ErrUnconfirmed) {
		return err, nil
	}
	return nil, err
}

// topic is one of the log's topics, for the collector.
func (l *eventLog) topic(name string) collect.Topic {
	return collect.Topic{Name: name, Partitions: l.topics[0].Partitions, Log: broker.NewProducer(l, name)}
}

func (l *eventLog) get(ctx context.Context) (broker.Broker, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.broker != nil || l.failed != nil && time.Since(l.tried) < again {
		return l.broker, l.failed
	}
	b, err := l.connect()
	for i := 0; err == nil && i < len(l.topics); i++ {
		if err = b.Declare(ctx, l.topics[i]); err != nil {
			closeBroker(b)
		}
	}
	l.failed, l.tried = err, time.Now()
	if err == nil {
		l.broker = b
	}
	return l.broker, err
}

// Declare implements broker.Broker.
func (l *eventLog) Declare(ctx context.Context, t broker.Topic) error {
	b, err := l.get(ctx)
	if err != nil {
		return err
	}
	return b.Declare(ctx, t)
}

// Open implements broker.Broker.
func (l *eventLog) Open(ctx context.Context, topic string, partition int) (broker.Log, error) {
	b, err := l.get(ctx)
	if err != nil {
		return nil, err
	}
	return b.Open(ctx, topic, partition)
}

// Claim implements broker.Broker.
func (l *eventLog) Claim(ctx context.Context, topic string, partition int, producer string) (uint64, broker.Holder, error) {
	b, err := l.get(ctx)
	if err != nil {
		return 0, nil, err
	}
	return b.Claim(ctx, topic, partition, producer)
}

// redis is the URL of the local services' Redis, "" where there is none.
func (l *eventLog) redis() string {
	return localRedis(l.lease)
}

// gone is closed when the local services have ended that the log is in, nil where it is
// in none.
func (l *eventLog) gone() <-chan struct{} {
	if l.lease == nil {
		return nil
	}
	return l.lease.Lost()
}

func (l *eventLog) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.broker != nil {
		closeBroker(l.broker)
	}
	if l.lease != nil {
		l.lease.Release()
	}
}

// closeBroker ends a driver's connection.
func closeBroker(b broker.Broker) {
	if c, ok := b.(interface{ Close() error }); ok {
		_ = c.Close() // nothing is under way
	}
}
