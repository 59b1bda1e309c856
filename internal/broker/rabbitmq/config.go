package rabbitmq

import (
	"errors"
	"fmt"
	"net/url"
	"time"

	amqp "github.com/rabbitmq/amqp091-go"

	"github.com/tiendi/tiendi/internal/broker"
)

// Config is how to reach RabbitMQ.
type Config struct {
	// URL is amqp:// or amqps://user:password@host:5672/vhost. Of its query,
	// heartbeat (seconds, 5 by default) says after how long an owner that hangs has
	// lost its claim: two to three times that.
	URL string
}

const (
	dialTimeout      = 5 * time.Second
	defaultHeartbeat = 5 * time.Second
	// confirmTimeout bounds the wait for confirmations and for answers.
	confirmTimeout = 10 * time.Second
	closeTimeout   = 2 * time.Second
)

// readFrame is the largest frame that readers ask for: the client takes one buffer for a
// frame of this size, and several, each with what was in the one before, for a larger one.
const readFrame = 64 << 10

// dialReader is dial for a connection on which nothing is published. The client makes
// room for a message by the size of frames, and grows it as they come; what it holds to
// be that size is set to what a message may be, so that it makes the room once.
func (c Config) dialReader() (*amqp.Connection, error) {
	conn, err := c.connect(readFrame)
	if err == nil {
		conn.Config.FrameSize = broker.MaxBody
	}
	return conn, err
}

// dial opens a connection.
func (c Config) dial() (*amqp.Connection, error) { return c.connect(0) }

// connect asks for frames of at most so many bytes, 0 for what is usual.
func (c Config) connect(frame int) (*amqp.Connection, error) {
	conn, err := amqp.DialConfig(c.URL, amqp.Config{
		Heartbeat: defaultHeartbeat, Dial: amqp.DefaultDial(dialTimeout), FrameSize: frame,
		Properties: amqp.Table{"connection_name": "tiendi", "product": "tiendi"},
	})
	if err == nil {
		return conn, nil
	}
	var refused *amqp.Error
	switch {
	case errors.Is(err, amqp.ErrCredentials), errors.Is(err, amqp.ErrVhost):
		// The client's guess at why the connection ended before the login did.
		return nil, fmt.Errorf("RabbitMQ at %s hung up during the login; if it does so again, "+
			"user, password or virtual host are wrong: %w: %w", c.host(), broker.ErrUnavailable, err)
	case errors.As(err, &refused) && (refused.Code == amqp.AccessRefused || refused.Code == amqp.NotAllowed):
		return nil, fmt.Errorf("RabbitMQ at %s refuses user, password or virtual host: %w", c.host(), err)
	}
	return nil, fmt.Errorf("RabbitMQ at %s: %w: %w", c.host(), broker.ErrUnavailable, err)
}

// host is the URL without what is secret in it.
func (c Config) host() string {
	u, err := url.Parse(c.URL)
	if err != nil {
		return "a URL that cannot be read"
	}
	return u.Host + u.Path
}
