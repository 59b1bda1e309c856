package rabbitmq

import (
	"context"
	"log/slog"
	"sync"

	"github.com/tiendi/tiendi/internal/broker"
)

// Broker is the driver. It implements broker.Broker. Writers and readers have a
// connection each, since RabbitMQ stops reading from one whose writer it blocks.
type Broker struct {
	config Config
	log    *slog.Logger
	write  *link
	read   *link

	mu     sync.Mutex
	births map[string]birth // what is known of topics
}

// Connect logs in.
func Connect(config Config, log *slog.Logger) (*Broker, error) {
	b := &Broker{
		config: config, log: log, births: map[string]birth{},
		write: &link{dial: config.dial}, read: &link{dial: config.dialReader},
	}
	if _, err := b.write.get(); err != nil {
		return nil, err
	}
	return b, nil
}

// Close ends the connections; what is under way fails.
func (b *Broker) Close() error {
	b.write.close()
	b.read.close()
	return nil
}

// Open implements broker.Broker.
func (b *Broker) Open(ctx context.Context, topic string, number int) (broker.Log, error) {
	born, err := b.known(ctx, topic)
	if err != nil {
		births := &partition{broker: b, topic: topic, queue: topic}
		return nil, births.verify(ctx, err)
	}
	p, err := newPartition(b, topic, number, born)
	if err != nil {
		return nil, err
	}
	return p, p.name(p.verify(ctx, p.exists()))
}
