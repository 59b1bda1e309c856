package embedded

import (
	"time"

	"github.com/nats-io/nats.go"
)

// Config is how to reach the server.
type Config struct {
	Addr  string // host:port
	Token string
}

const (
	dialTimeout = 5 * time.Second
	// confirmTimeout bounds the wait for a confirmation. The server is on this host.
	confirmTimeout = 10 * time.Second
	reconnectWait  = 100 * time.Millisecond
)

func (b *Broker) dial(extra ...nats.Option) (*nats.Conn, error) {
	options := append([]nats.Option{
		nats.Name("tiendi"), nats.Token(b.config.Token), nats.Timeout(dialTimeout),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) {
			b.log.Warn("connection to the embedded broker", "err", err)
		}),
		// What is published while the server is away must fail, not be sent later.
		nats.ReconnectBufSize(-1), nats.ReconnectJitter(0, 0),
	}, extra...)
	return nats.Connect("nats://"+b.config.Addr, options...)
}
