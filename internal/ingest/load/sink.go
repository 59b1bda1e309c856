package load

import (
	"context"
	"io"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// sink is one INSERT that takes blocks until it is closed.
type sink interface {
	// send stores so many rows; it keeps nothing of the columns.
	send(columns []*buffer, rows int) error
	// close ends the insert, in error when cause is set, and waits for the server.
	close(cause error) error
}

// insert begins "INSERT INTO table (columns)".
func (f *fileLoad) insert(ctx context.Context, statement string, opts ...warehouse.Option) (sink, error) {
	if f.Batches != nil {
		b, err := f.Batches.PrepareBatch(ctx, statement, opts...)
		if err != nil {
			return nil, err
		}
		return &batchSink{batch: b}, nil
	}
	return openStream(ctx, func(ctx context.Context, r io.Reader) error {
		_, err := f.Warehouse.InsertStream(ctx, statement+" FORMAT Native", r, "", opts...)
		return err
	}), nil
}
