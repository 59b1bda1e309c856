package clickhouse

import (
	"context"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"time"

	"github.com/tiendi/tiendi/internal/stream/sink"
)

// batchPrefix makes _batch of a token. It tells streams from loads, and keeps
// tokens apart from the prefix that exempts rows from the table's TTL.
const batchPrefix = "stream/"

// Options say where events go.
type Options struct {
	Warehouse Warehouse
	Database  string // of the raw tables
	Now       func() time.Time
	Logger    *slog.Logger
}

// Events writes enriched events into events_raw. It is safe for concurrent use.
type Events struct {
	o          Options
	keeps      retention
	replicates bool
	// idle are columns that no insert uses. There are as many as inserts at once: the
	// server takes few large ones sooner than many at once.
	idle chan *eventColumns
}

// insertsAtOnce keeps a server of a few cores busy: while it stores one block, the
// next is made.
const insertsAtOnce = 2

var _ sink.Events = (*Events)(nil)

// OpenEvents sees to it that events_raw and every table that materialized views
// fill from it remember the tokens of inserts, and reads how long it keeps rows. A
// table that is not there is an error.
func OpenEvents(ctx context.Context, o Options) (*Events, error) {
	table, err := rememberTokens(ctx, o, eventsTable)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", qualified(o.Database, eventsTable), err)
	}
	s := &Events{
		o: o, keeps: retentionOf(table.clause), replicates: table.replicates(),
		idle: make(chan *eventColumns, insertsAtOnce),
	}
	for range insertsAtOnce {
		s.idle <- newEventColumns()
	}
	return s, nil
}

// Insert writes the events of batches as one insert. Each gets the token as its
// _batch and its index as its _position. Called again with the same token and
// batches, by whomever, it adds what is missing, in the table and in the targets of
// its materialized views. Two limits: tokens are remembered for 10,000 parts, of
// which an insert makes one for each month that it touches; and a server that is
// killed as it commits a part of a view's target may lose that part, which nothing
// here can see.
//
// Give it 50,000 rows and more where there are so many: below 10,000 the server
// takes far fewer a second.
//
// Rows that the table's TTL has already given up vanish as they are written; their
// number is logged.
func (s *Events) Insert(ctx context.Context, token string, batches iter.Seq[[]byte]) error {
	select {
	case c := <-s.idle:
		defer func() { s.idle <- c }()
		return s.insert(ctx, c, token, batches)
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *Events) insert(ctx context.Context, c *eventColumns, token string, batches iter.Seq[[]byte]) error {
	batch := batchPrefix + token
	oldest := s.keeps.oldest(s.o.Now())
	var rows, expired int
	send := func() error {
		return c.stream(ctx, s.o.Warehouse, s.o.Database, onceSettings(token), func(w io.Writer) (err error) {
			rows, expired, err = c.write(w, batch, batches, oldest)
			return err
		})
	}
	if err := s.once(ctx, token, batch, batches, send); err != nil {
		return err
	}
	if expired > 0 {
		s.o.Logger.WarnContext(ctx, "events older than their table keeps were dropped",
			"table", eventsTable, "expired", expired, "rows", rows, "oldest_kept", oldest.UTC().Format(time.DateOnly), "batch", batch)
	}
	return nil
}

// once sends the rows, and then those that the server only thinks it has.
func (s *Events) once(ctx context.Context, token, batch string, batches iter.Seq[[]byte], send func() error) error {
	if s.replicates {
		return send()
	}
	doubled, err := s.o.once(ctx, token, send)
	if err != nil || !doubled {
		return err
	}
	return s.addMissing(ctx, batch, batches)
}

// onceSettings make an insert that is sent again add nothing that is there. The
// server numbers the blocks of an insert, and those that views make of them, and
// remembers the numbers under the token: so there must be equally many each time,
// which is sure only where there is one. It puts together all blocks that it is sent.
func onceSettings(token string) map[string]any {
	const unlimited = 1 << 40
	return map[string]any{
		"insert_deduplicate":         1,
		"insert_deduplication_token": token,
		"async_insert":               0,
		"deduplicate_blocks_in_dependent_materialized_views": 1,

		"max_insert_block_size":           unlimited, // or a server may cut the block where it is set to
		"min_insert_block_size_rows":      unlimited, // what a view makes of a block comes in pieces: put them together
		"min_insert_block_size_bytes":     unlimited,
		"max_partitions_per_insert_block": 0, // history has any number of months
	}
}
