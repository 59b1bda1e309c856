package embedded

import (
	"context"
	"fmt"
	"log/slog"
	"sync"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Broker is the driver. It implements broker.Broker and reconnects by itself.
type Broker struct {
	config Config
	log    *slog.Logger
	conn   *nats.Conn
	js     jetstream.JetStream

	mu   sync.Mutex
	down chan struct{} // closed and replaced when the connection is lost
}

// Connect logs in to a server.
func Connect(config Config, log *slog.Logger) (*Broker, error) {
	b := &Broker{config: config, log: log, down: make(chan struct{})}
	conn, err := b.dial(nats.MaxReconnects(-1), nats.ReconnectWait(reconnectWait),
		nats.DisconnectErrHandler(func(*nats.Conn, error) { b.lose() }))
	if err != nil {
		return nil, fmt.Errorf("embedded broker at %s: %w", config.Addr, unavailable(err))
	}
	b.conn = conn
	if b.js, err = newJetStream(conn); err != nil {
		conn.Close()
		return nil, err
	}
	return b, nil
}

// maxUnconfirmed bounds the messages under way on one connection.
const maxUnconfirmed = 16 << 10

func newJetStream(conn *nats.Conn) (jetstream.JetStream, error) {
	return jetstream.New(conn, jetstream.WithPublishAsyncMaxPending(maxUnconfirmed),
		jetstream.WithDefaultTimeout(confirmTimeout))
}

// Close ends the connection; what is under way fails.
func (b *Broker) Close() error {
	b.conn.Close()
	b.lose()
	return nil
}

func (b *Broker) lose() {
	b.mu.Lock()
	defer b.mu.Unlock()
	close(b.down)
	b.down = make(chan struct{})
}

func (b *Broker) lost() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.down
}

// within bounds a call to the server, which is on this host.
func within(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, confirmTimeout)
}
