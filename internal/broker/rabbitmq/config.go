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

func (c Config) dial() (*amqp.Connection, error) {
	conn, err := amqp.DialConfig(c.URL, amqp.Config{
		Heartbeat: defaultHeartbeat, Dial: amqp.DefaultDial(dialTimeout),
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
