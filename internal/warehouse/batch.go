package warehouse

import (
	"context"
	"fmt"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// Batch collects rows of one insert in columns and sends them as native blocks.
// It is not safe for concurrent use. Close it always.
type Batch struct {
	client *Client
	ctx    context.Context
	q      *statement
	stop   func() // cancels the insert
	leave  func() // lets go of ctx
	batch  driver.Batch
	closed bool
}

// PrepareBatch starts "INSERT INTO t (columns)". Blocks of 100,000 rows and more
// are what ClickHouse takes fastest.
func (c *Client) PrepareBatch(ctx context.Context, insert string, opts ...Option) (*Batch, error) {
	if err := c.acquire(ctx); err != nil {
		return nil, err
	}
	q := newStatement(opts)
	dctx, stop, leave := driverContext(ctx, q)
	b := &Batch{client: c, ctx: ctx, q: q, stop: stop, leave: leave}
	err := retryDial(ctx, func() (err error) {
		b.batch, err = c.conn.PrepareBatch(dctx, insert)
		return err
	})
	if err != nil {
		stop()
		err = c.fail(ctx, q, err)
		c.release()
		return nil, err
	}
	return b, nil
}

// Append adds one row, a value for each column.
func (b *Batch) Append(values ...any) error {
	if err := b.batch.Append(values...); err != nil {
		return fmt.Errorf("row %d of the batch: %w", b.batch.Rows()+1, err)
	}
	return nil
}

// AppendColumn adds a slice of values to the column with that index, counted
// from 0. All columns must have got equally many values before Flush or Send.
func (b *Batch) AppendColumn(index int, values any) error {
	if err := b.batch.Column(index).Append(values); err != nil {
		return fmt.Errorf("column %d of the batch: %w", index, err)
	}
	return nil
}

// Rows is the number of rows collected and not yet sent.
func (b *Batch) Rows() int { return b.batch.Rows() }

// Flush sends what is collected as one block and keeps the insert open. The
// server may store it before Send.
func (b *Batch) Flush() error {
	if err := b.batch.Flush(); err != nil {
		return b.client.fail(b.ctx, b.q, err)
	}
	return nil
}

// Send sends the rest and returns once the server has stored everything.
func (b *Batch) Send() (Stats, error) {
	if err := b.batch.Send(); err != nil {
		return b.q.stats(), b.client.fail(b.ctx, b.q, err)
	}
	return b.q.stats(), nil
}

// Close gives up what was not sent and frees the connection.
func (b *Batch) Close() error {
	if b.closed {
		return nil
	}
	b.closed = true
	defer b.client.release()
	if b.batch.IsSent() {
		// The driver watches the context from a goroutine that may come to it late: a
		// cancelled one has it close the connection, which it has lent to another by then.
		b.leave()
		return nil
	}
	defer b.stop()
	if err := b.batch.Abort(); err != nil {
		return fmt.Errorf("abort batch: %w", err)
	}
	return nil
}
