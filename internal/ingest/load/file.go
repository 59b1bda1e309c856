package load

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
)

const (
	// keptPrefix begins the batch of rows that the raw table's TTL passes over:
	// those that were loaded although they are older than it keeps.
	keptPrefix = "kept_"

	maxRejectsShown = 5
	// A file of which so many rows fail and none fits is not what it claims.
	hopelessRejects = 1000
	cleanupTimeout  = time.Minute
)

// readError is what is wrong with a file: it ends that file and no other.
type readError struct{ err error }

func (e *readError) Error() string { return e.err.Error() }
func (e *readError) Unwrap() error { return e.err }

// fileLoad is one file on its way into its table.
type fileLoad struct {
	*loader
	job    job
	plan   plan
	batch  string
	ttl    ttl // of the raw table
	result File

	mu       sync.Mutex
	staged   bool        // the table of rejects exists
	accepted atomic.Bool // a row fitted
	refused  atomic.Uint64
}

// file loads one file. The error is fatal; what concerns the file alone is in
// the result.
func (l *loader) file(ctx context.Context, n int) (File, error) {
	j := l.jobs[n]
	started := l.Now()
	own := l.id + "_" + strconv.Itoa(n)
	batch := own
	if l.AllowExpired {
		batch = keptPrefix + own
	}
	f := &fileLoad{
		loader: l, job: j, batch: batch,
		plan:   plan{database: l.Database, table: j.table, prefix: tablePrefix + own + "_"},
		result: File{Path: j.path, Table: j.table.Name, Bytes: j.size},
	}
	err := f.load(ctx)
	l.done++
	l.bytes += j.size
	f.result.Elapsed = l.Now().Sub(started)
	if err != nil {
		err = withCause(ctx, err)
		f.result.Err = err
		f.result.Rows, f.result.New = 0, 0
	}
	if fatal(ctx, err) {
		return f.result, fmt.Errorf("%s: %w", j.path, err)
	}
	return f.result, nil
}

func (f *fileLoad) load(ctx context.Context) error {
	f.progress(f.job, 0, Progress{})
	table, err := f.look(ctx)
	if err != nil {
		return err
	}
	if skip, err := f.loaded(ctx, table); skip || err != nil {
		return err
	}
	if err := f.checkException(); err != nil {
		return err
	}
	src, err := openSource(f.job.path, f.job.compression)
	if err != nil {
		return &readError{explainRead(err, f.job.compression)}
	}
	defer func() { _ = src.Close() }()
	defer f.cleanUp()
	if err := f.exec(ctx, f.plan.create(f.plan.stage(), f.plan.raw())); err != nil {
		return err
	}
	if f.job.format != NDJSON {
		f.result.Unknown = f.job.table.unknown(f.job.header)
	}
	if err := f.read(ctx, src); err != nil {
		return err
	}
	if err := f.checkStage(ctx); err != nil {
		return err
	}
	return f.commit(ctx, src, table)
}

// commit is alone with the raw table.
func (f *fileLoad) commit(ctx context.Context, src *source, table uuid.UUID) error {
	f.progress(f.job, src.read.Load(), Progress{Committing: true})
	locked, hold, err := lock(ctx, f.Warehouse, "tiendi-load-into-"+f.Database+"."+f.job.table.Name, f.batch, func() {
		f.progress(f.job, src.read.Load(), Progress{Waiting: true})
	})
	if err != nil {
		return err
	}
	defer hold.release()
	c := committer{w: f.Warehouse, plan: f.plan, now: f.Now, staged: f.result.Rows}
	if c.staged > 0 {
		if f.result.New, err = c.commit(locked); err != nil {
			return withCause(locked, err)
		}
	}
	if f.staged {
		if err := f.exec(locked, f.plan.keepRejects()); err != nil {
			return fmt.Errorf("write to %s: %w", RejectsTable, err)
		}
	}
	content := src.sum.String()
	if f.job.format == Parquet { // which is not read from end to end
		if content, err = hashFile(f.job.path, f.job.size); err != nil {
			return &readError{plainPathError(err)}
		}
	}
	return f.remember(locked, content, table)
}

func (f *fileLoad) exec(ctx context.Context, sql string) error {
	_, err := f.Warehouse.Exec(ctx, sql, writeSettings())
	return err
}

// cleanUp drops the file's own tables, also after an interrupt. What it cannot
// drop, the next load will.
func (f *fileLoad) cleanUp() {
	ctx, stop := context.WithTimeout(context.Background(), cleanupTimeout)
	defer stop()
	for _, drop := range f.plan.drop() {
		if _, err := f.Warehouse.Exec(ctx, drop); err != nil {
			f.Logger.Warn("a stage table stays until the next load", "err", err)
			return
		}
	}
}

// withCause adds why ctx ended, where err says only that it did.
func withCause(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil && !errors.Is(err, cause) {
		return errors.Join(err, cause)
	}
	return err
}
