package warehouse

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/http"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// Client runs statements on one server or cluster. It is safe for concurrent use.
type Client struct {
	cfg   Config
	tls   *tls.Config
	conn  clickhouse.Conn
	http  *http.Client
	slots chan struct{}
}

// Open connects and logs in. Its error says whether the server refused the
// connection, the password, TLS or the database, and what to change.
func Open(ctx context.Context, cfg Config) (*Client, error) {
	t, err := cfg.tlsConfig()
	if err != nil {
		return nil, fmt.Errorf("warehouse: %w", err)
	}
	o, err := cfg.driverOptions(t)
	if err != nil {
		return nil, fmt.Errorf("warehouse: %w", err)
	}
	conn, err := clickhouse.Open(o)
	if err != nil {
		return nil, fmt.Errorf("warehouse: %w", err)
	}
	c := &Client{
		cfg: cfg, tls: t, conn: conn,
		http:  newHTTPClient(t, cfg.maxOpenConns()),
		slots: make(chan struct{}, cfg.maxOpenConns()),
	}
	// The driver's ping does not look at the database; a query does.
	if err := c.check(ctx); err != nil {
		_ = c.Close()
		return nil, explainConnect(cfg, err)
	}
	return c, nil
}

func (c *Client) check(ctx context.Context) error {
	_, err := c.Exec(ctx, "SELECT 1")
	return err
}

// Config returns what the client was opened with, password included.
func (c *Client) Config() Config { return c.cfg }

// Close drops all connections. Statements still running fail.
func (c *Client) Close() error {
	c.http.CloseIdleConnections()
	if err := c.conn.Close(); err != nil {
		return fmt.Errorf("close warehouse client: %w", err)
	}
	return nil
}

// acquire waits for a place among the statements in flight.
func (c *Client) acquire(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case c.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (c *Client) release() { <-c.slots }
