package warehouse

import (
	"context"
	"errors"
	"net"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// Exec runs a statement to its end and throws rows away if it has any.
func (c *Client) Exec(ctx context.Context, sql string, opts ...Option) (Stats, error) {
	if err := c.acquire(ctx); err != nil {
		return Stats{}, err
	}
	defer c.release()
	q := newStatement(opts)
	q.fit(sql)
	dctx, stop, _ := driverContext(ctx, q)
	defer stop()
	err := retryDial(ctx, func() error { return c.conn.Exec(dctx, sql) })
	if err != nil {
		return q.stats(), c.fail(ctx, q, err)
	}
	return q.stats(), nil
}

// driverContext carries cancellation to the driver but no deadline: the driver
// would turn it into max_execution_time, over the caller's own setting. stop cancels it;
// leave only lets go of ctx, for a statement that came to its end.
func driverContext(ctx context.Context, q *statement) (dctx context.Context, stop, leave func()) {
	inner, cancel := context.WithCancel(context.WithoutCancel(ctx))
	unhook := context.AfterFunc(ctx, cancel)
	stop = func() { unhook(); cancel() }
	return clickhouse.Context(inner, q.driverOptions()...), stop, func() { unhook() }
}

// fail ends what may still run on the server and turns err into ours.
func (c *Client) fail(ctx context.Context, q *statement, err error) error {
	if cause := ctx.Err(); cause != nil {
		c.kill(q.id)
		return cause
	}
	return serverError(err, q.id)
}

// retryDial runs f again when no connection came about, which is the one failure
// that surely left nothing on the server.
func retryDial(ctx context.Context, f func() error) error {
	wait := 50 * time.Millisecond
	for attempt := 1; ; attempt++ {
		err := f()
		var op *net.OpError
		if err == nil || attempt == 3 || !errors.As(err, &op) || op.Op != "dial" {
			return err
		}
		select {
		case <-time.After(wait):
			wait *= 4
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
