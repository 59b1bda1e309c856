package warehouse

import (
	"context"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// killTimeout bounds how long a cancelled call waits for its query to be gone.
const killTimeout = 10 * time.Second

// kill waits until no server runs the query any more. The driver has sent its
// cancel packet by now, and KILL … SYNC both repeats that and waits. It goes over
// connections of its own, since those of the pool may all be busy, and to every
// address, since the driver does not tell which one the query went to. Failing is
// fine: a server that cannot be reached drops the query with the connection.
func (c *Client) kill(queryID string) {
	ctx, cancel := context.WithTimeout(context.Background(), killTimeout)
	defer cancel()
	done := make(chan struct{})
	for _, addr := range c.cfg.Addrs {
		go func() {
			defer func() { done <- struct{}{} }()
			c.killOn(ctx, addr, queryID)
		}()
	}
	for range c.cfg.Addrs {
		<-done
	}
}

func (c *Client) killOn(ctx context.Context, addr, queryID string) {
	conn, err := clickhouse.Open(&clickhouse.Options{
		Addr:        []string{addr},
		Auth:        clickhouse.Auth{Username: c.cfg.User, Password: c.cfg.Password},
		TLS:         c.tls,
		DialTimeout: killTimeout / 2,
	})
	if err != nil {
		return
	}
	defer func() { _ = conn.Close() }()
	_ = conn.Exec(ctx, "KILL QUERY WHERE query_id = "+Literal(queryID)+" SYNC")
}
