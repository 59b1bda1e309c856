package load

import (
	"context"
	"errors"
	"io"
	"runtime"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"
)

// read parses the whole file into the stage table.
func (f *fileLoad) read(ctx context.Context, src *source) error {
	group, ctx := errgroup.WithContext(ctx)
	var workers []*worker
	n := f.Workers
	if n <= 0 {
		n = max(2, runtime.GOMAXPROCS(0))
	}
	for range n {
		workers = append(workers, f.worker())
	}
	var err error
	if f.job.format == Parquet {
		err = f.readParquet(ctx, group, src, workers)
	} else {
		f.readText(ctx, group, src, workers)
	}
	err = errors.Join(err, group.Wait())
	for _, w := range workers {
		f.result.Rows += w.tally.rows
		f.result.Rejected += w.tally.rejected
		if w.tally.unknown != "" && !slices.Contains(f.result.Unknown, w.tally.unknown) {
			f.result.Unknown = append(f.result.Unknown, w.tally.unknown)
		}
	}
	return err
}

// readText starts what splits the file and what parses the pieces.
func (f *fileLoad) readText(ctx context.Context, group *errgroup.Group, src *source, workers []*worker) {
	chunks := make(chan chunk, len(workers))
	spare := make(buffers, 2*len(workers)+2)
	group.Go(func() error {
		defer close(chunks)
		return f.split(ctx, src, chunks, spare.get)
	})
	for _, w := range workers {
		group.Go(func() error { return w.end(drain(ctx, w, chunks, spare)) })
	}
}

// buffers keeps chunks' memory to be used again.
type buffers chan []byte

func (b buffers) get() []byte {
	select {
	case buf := <-b:
		return buf[:0]
	default:
		return make([]byte, 0, chunkBytes)
	}
}

// put takes a buffer back, unless a long record had made it grow.
func (b buffers) put(buf []byte) {
	if cap(buf) != chunkBytes {
		return
	}
	select {
	case b <- buf:
	default:
	}
}

func drain(ctx context.Context, w *worker, chunks <-chan chunk, spare buffers) error {
	for c := range chunks {
		if err := w.chunk(ctx, c); err != nil {
			return err
		}
		spare.put(c.buf)
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return w.finish(ctx)
}

// split feeds the workers.
func (f *fileLoad) split(ctx context.Context, src *source, chunks chan<- chunk, spare func() []byte) error {
	s := newSplitter(src.reader, f.job.format == CSV, spare)
	if err := s.start(); err != nil {
		return &readError{explainRead(err, f.job.compression)}
	}
	if f.job.format == CSV {
		if _, err := s.header(); err != nil {
			return &readError{explainRead(err, f.job.compression)}
		}
	}
	last := time.Time{}
	for {
		c, err := s.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return &readError{explainRead(err, f.job.compression)}
		}
		select {
		case chunks <- c:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		if now := f.Now(); now.Sub(last) > 100*time.Millisecond {
			last = now
			f.progress(f.job, src.read.Load(), Progress{})
		}
	}
}

func (f *fileLoad) worker() *worker {
	send, end := f.send()
	w := &worker{
		csv: f.job.format == CSV, file: f.job.path,
		row: newRow(f.job.table), block: newBlock(f.job.table),
		limits: f.limits(),
		send:   send, end: end, reject: f.reject,
		fits: func() { f.accepted.Store(true) },
	}
	if f.job.table.events {
		w.events = newEventRules(f.job.table, f.KnownEvent, f.Enricher)
	}
	if w.csv {
		w.parser = &csvParser{columns: f.csvColumns()}
	} else {
		w.parser = &jsonParser{members: jsonMembers(f.job.table)}
	}
	return w
}

// csvColumns says where each field of a record goes.
func (f *fileLoad) csvColumns() []int {
	columns := make([]int, len(f.job.header))
	for i, name := range f.job.header {
		columns[i] = f.job.table.named(name)
	}
	return columns
}

func (f *fileLoad) limits() limits {
	l := limits{column: -1, oldest: minMillis, newest: maxMillis}
	if f.job.table.Expires == "" {
		return l
	}
	l.column = f.job.table.index(f.job.table.Expires)
	if oldest, whose := f.expiry(f.Now()); whose != "" && !f.AllowExpired {
		l.oldest, l.whose = oldest.UnixMilli(), whose
	}
	if f.job.table.events {
		l.newest = f.Now().Add(maxSkew).UnixMilli()
	}
	return l
}
