package load

import (
	"context"
	"errors"
	"io"

	"golang.org/x/sync/errgroup"
)

// readParquet lets the workers take batches of rows until none is left.
func (f *fileLoad) readParquet(ctx context.Context, group *errgroup.Group, src *source, workers []*worker) error {
	p, err := openParquet(src)
	if err == nil {
		err = p.bind(f.job.table)
	}
	if err != nil {
		return &readError{err}
	}
	cursor := &parquetCursor{file: p, number: 1}
	for _, w := range workers {
		group.Go(func() error { return w.end(f.drainParquet(ctx, w, cursor, src)) })
	}
	return nil
}

func (f *fileLoad) drainParquet(ctx context.Context, w *worker, cursor *parquetCursor, src *source) error {
	b := newParquetBatch(cursor.file)
	defer b.release()
	for {
		err := cursor.next(b)
		if errors.Is(err, io.EOF) {
			return w.finish(ctx)
		}
		if err != nil {
			return err
		}
		if err := w.parquet(ctx, cursor.file, b); err != nil {
			return err
		}
		if b.number%(64*parquetRows) == 1 {
			src.read.Store(int64(float64(src.size) * float64(b.number) / float64(cursor.file.file.NumRows())))
			f.progress(f.job, src.read.Load(), Progress{})
		}
	}
}

// parquet stores a batch of rows.
func (w *worker) parquet(ctx context.Context, p *parquetFile, b *parquetBatch) error {
	for n := range b.rows {
		number := b.number + uint64(n)
		why := p.fill(b, n, w.row)
		if why.reason == "" {
			var err error
			if why, err = w.keep(ctx, number, w.row.bytes()); err != nil {
				return err
			}
		}
		if why.reason != "" {
			if err := w.refuse(ctx, number, p.describe(b, n), why); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}
