package load

import (
	"context"
	"errors"
	"io"
	"time"

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
	b := newParquetBatch(cursor.file, f.job.table)
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

// parquet stores a batch of rows, as many at once as a block still takes.
func (w *worker) parquet(ctx context.Context, p *parquetFile, b *parquetBatch) error {
	if err := b.spread(p); err != nil {
		return err
	}
	for from := 0; from < b.rows; {
		to := from + w.block.take(b.cells.sizes[from:b.rows])
		if err := w.keepAll(b.cells, from, to, b.number); err != nil {
			return err
		}
		for n := from; n < to; n++ {
			if why := b.cells.why[n]; why.reason != "" {
				if err := w.refuse(ctx, b.number+uint64(n), b.describe(p, n), why); err != nil {
					return err
				}
			}
		}
		if w.block.full() {
			if err := w.flush(ctx); err != nil {
				return err
			}
		}
		from = to
	}
	return ctx.Err()
}

// keepAll stores rows [from, to) of c, whose first row has that number, and
// notes which have a problem.
func (w *worker) keepAll(c *cells, from, to int, first uint64) error {
	if w.events != nil {
		w.events.applyAll(c, from, to, w.row)
	}
	w.block.parse(c, from, to)
	for n := from; n < to && w.limits.column >= 0; n++ {
		if c.why[n].reason != "" {
			continue
		}
		column := w.block.columns[w.limits.column]
		switch at := column.timeAt(n - from); {
		case at < w.limits.oldest:
			return &readError{&expiredError{first + uint64(n), time.UnixMilli(at).UTC(), w.limits.whose}}
		case at > w.limits.newest:
			c.why[n] = problem{reasonFuture, pointerOf(column.Path, c.kinds[w.limits.column][n])}
		}
	}
	kept := uint64(w.block.settle(c, from, to, first))
	if w.tally.rows == 0 && kept > 0 {
		w.fits()
	}
	w.tally.rows += kept
	return nil
}
