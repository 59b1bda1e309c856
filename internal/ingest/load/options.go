package load

import (
	"context"
	"io"
	"log/slog"
	"time"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/event/enrich"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// Warehouse is where rows go.
type Warehouse interface {
	Exec(ctx context.Context, sql string, opts ...warehouse.Option) (warehouse.Stats, error)
	Query(ctx context.Context, sql string, opts ...warehouse.Option) (*warehouse.Rows, error)
	InsertStream(ctx context.Context, insert string, r io.Reader, encoding string, opts ...warehouse.Option) (warehouse.Stats, error)
}

// Batcher inserts over the native protocol.
type Batcher interface {
	PrepareBatch(ctx context.Context, insert string, opts ...warehouse.Option) (*warehouse.Batch, error)
}

// Creator creates tables from their models.
type Creator interface {
	// Ensure creates those of the models that have no table yet and leaves the
	// others alone. It must be safe to call twice at once.
	Ensure(ctx context.Context, models ...string) error
}

// Options say what to load and how.
type Options struct {
	Warehouse Warehouse
	Batches   Batcher // takes all rows where the warehouse's HTTP address is not known; nil where it is
	Tables    Creator
	Database  string // of the raw tables

	Paths []string // files and folders
	Table string   // of all files, by the raw table's or the files' name; "" to find out

	TTLYears     int  // rows older than that are refused, as are those that the table's own TTL deletes; 0 for no limit
	AllowExpired bool // load them all the same
	Reload       bool // read files again that are known as loaded

	// KnownEvent says whether the contract has an event type; nil means the
	// built-in ones.
	KnownEvent func(event.Type) bool

	// Enricher fills what follows from an event; nil means one that knows no
	// countries, nor bots of the project's own.
	Enricher *enrich.Enricher

	Workers  int // parsers at once, 0 for one per processor
	Now      func() time.Time
	NewID    func() string // a new name of letters and digits
	Logger   *slog.Logger
	Progress func(Progress) // called often, never at once
}

// Progress says how far a load is.
type Progress struct {
	File        string
	Files, Done int   // number of files, and of those that are finished
	Bytes       int64 // of all files, read so far
	TotalBytes  int64
	Committing  bool // the file is read and its rows are being written
	Waiting     bool // for another load that writes to the same table
}

// Result says what became of every file.
type Result struct {
	Files    []File
	Unplaced []Unplaced
}

// File is what became of one file. Rows are those that fit; New of them were
// not in the table before. A file with an Err left nothing in its table. Of a
// file that was skipped, only Rejected is known, from when it was loaded.
type File struct {
	Path     string
	Table    string
	Bytes    int64
	Rows     uint64
	New      uint64
	Rejected uint64
	Rejects  []Reject  // the first few
	Unknown  []string  // columns of the file that the table does not have
	LoadedAt time.Time // when the same content was loaded before, and it was not read again
	Elapsed  time.Duration
	Err      error
}

// Skipped says that the file had been loaded before.
func (f File) Skipped() bool { return !f.LoadedAt.IsZero() }

// Rejected is the number of rows of all files that did not fit.
func (r *Result) Rejected() (n uint64) {
	for _, f := range r.Files {
		n += f.Rejected
	}
	return n
}

// Failed is the number of files that could not be loaded or placed.
func (r *Result) Failed() int {
	n := len(r.Unplaced)
	for _, f := range r.Files {
		if f.Err != nil {
			n++
		}
	}
	return n
}
