// Package sink is the seam between the streams and what they are written to.
package sink

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// ErrMoved: the target holds another position than the caller thought. Somebody
// else writes there too, or it was restored from a copy: ask it again, and go on
// from what it says.
var ErrMoved = errors.New("the target is at another position")

// Target takes what the aggregated topic holds. Windows and sessions are absolute:
// of two with one key (and, for windows, one partition) the higher revision stays,
// so that anything may be applied twice. It is safe for concurrent use, by one
// caller a partition.
type Target interface {
	// Applied is how far a partition of the topic is in the target: the zero
	// Progress (but for its Partition) before anything was applied.
	Applied(ctx context.Context, partition int) (broker.Progress, error)
	// Apply writes publications and the position behind them, in one step that
	// happens or does not. It is ErrMoved when the target is not at from.
	Apply(ctx context.Context, from, to broker.Progress, publications []*record.Publication) error
}

// Trimmer is a Target that does not keep what it was given for ever.
type Trimmer interface {
	// Trim removes what is too old at that time, in pieces that hold nobody up.
	Trim(ctx context.Context, now time.Time) error
}

// Events takes enriched events into the raw layer.
type Events interface {
	// Insert writes the events of enriched batches, which are as record.ReadBatch
	// reads them, under a token. Called again with the same token and batches, after
	// an error or by another process, it adds nothing that is there already. It may go
	// through the batches more than once, and keeps none: each is gone with the next.
	Insert(ctx context.Context, token string, batches iter.Seq[[]byte]) error
}

// Changes takes database changes into the raw layer.
type Changes interface {
	// Insert writes the changes of messages, which are as change.Decode reads them, under
	// a token. Called again with the same token and messages, after an error or by
	// another process, it adds nothing that is there already. What can never be written
	// as things are, it sets aside.
	Insert(ctx context.Context, token string, batches [][]byte) (Taken, error)
}

// Taken is what became of an insert.
type Taken struct {
	// Aside is how many changes were set aside.
	Aside int
	// Refused is why all changes of a table are set aside, nil where none are: the first
	// line says what, those below it what to do.
	Refused error
	// Through is when the last of the changes was committed.
	Through time.Time
}
