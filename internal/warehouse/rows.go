package warehouse

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
)

// Column is one column of a result, with its ClickHouse type.
type Column struct {
	Name string
	Type string
}

// Rows reads a result block by block; a few blocks at most are held in memory.
// It is not safe for concurrent use. Close it always.
type Rows struct {
	client  *Client
	ctx     context.Context
	q       *statement
	stop    context.CancelFunc
	rows    driver.Rows
	columns []Column
	types   []reflect.Type
	ended   bool
	closed  bool
	err     error
}

// Query starts a statement and returns once its columns are known. It counts
// among MaxOpenConns until the rows are closed.
func (c *Client) Query(ctx context.Context, sql string, opts ...Option) (*Rows, error) {
	if err := c.acquire(ctx); err != nil {
		return nil, err
	}
	q := newStatement(opts)
	q.fit(sql)
	dctx, stop, _ := driverContext(ctx, q)
	var rows driver.Rows
	err := retryDial(ctx, func() (err error) {
		rows, err = c.conn.Query(dctx, sql)
		return err
	})
	if err != nil {
		stop()
		err = c.fail(ctx, q, err)
		c.release()
		return nil, err
	}
	r := &Rows{client: c, ctx: ctx, q: q, stop: stop, rows: rows}
	for _, t := range rows.ColumnTypes() {
		r.columns = append(r.columns, Column{Name: t.Name(), Type: t.DatabaseTypeName()})
		r.types = append(r.types, t.ScanType())
	}
	return r, nil
}

// Each calls visit for every row, up to its first error, and closes the rows.
func (r *Rows) Each(visit func(*Rows) error) (err error) {
	defer func() { err = errors.Join(err, r.Close()) }()
	for r.Next() {
		if err := visit(r); err != nil {
			return err
		}
	}
	return r.Err()
}

// Columns returns names and types in the order of the statement.
func (r *Rows) Columns() []Column { return r.columns }

// Next moves to the next row. False means the end or an error, see Err.
func (r *Rows) Next() bool {
	if r.ended || r.closed {
		return false
	}
	if r.ctx.Err() == nil && r.rows.Next() {
		return true
	}
	r.ended = true
	if err := r.rows.Err(); err != nil || r.ctx.Err() != nil {
		r.err = r.client.fail(r.ctx, r.q, err)
	}
	return false
}

// Scan copies the row into pointers, one for each column.
func (r *Rows) Scan(dest ...any) error {
	if err := r.rows.Scan(dest...); err != nil {
		return fmt.Errorf("scan row: %w", err)
	}
	return nil
}

// Values returns the row as Go values: integers and floats by width, *big.Int
// above 64 bits, decimal.Decimal, string, bool, time.Time, uuid.UUID, net.IP,
// slices (tuples too), maps, json.RawMessage for JSON; nil for NULL.
func (r *Rows) Values() ([]any, error) {
	dest := make([]any, len(r.types))
	for i, t := range r.types {
		dest[i] = reflect.New(t).Interface()
	}
	if err := r.Scan(dest...); err != nil {
		return nil, err
	}
	for i, d := range dest {
		dest[i] = plain(reflect.ValueOf(d).Elem())
	}
	return dest, nil
}

// Stats says what the statement has read so far.
func (r *Rows) Stats() Stats { return r.q.stats() }

// Err returns what ended the rows early, nil at their proper end.
func (r *Rows) Err() error { return r.err }

// Close frees the connection. Rows not yet read are dropped and the query is
// ended on the server. It returns Err.
func (r *Rows) Close() error {
	if r.closed {
		return r.err
	}
	r.closed = true
	r.stop()
	_ = r.rows.Close()
	if !r.ended {
		r.client.kill(r.q.id)
	}
	r.client.release()
	return r.err
}
