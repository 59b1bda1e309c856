package broker

import (
	"context"
	"errors"
	"log/slog"
	"math"
)

// Record is a message as a reader gets it: in order, once, and written by whoever
// held the partition then.
type Record struct {
	Message
	Position Position // of the first event
	Packed   Packed   // its body
}

// Claim says that the record begins an epoch and holds no events. An owner that
// reads its own log is at the end of what was there before when it finds its claim.
func (r Record) Claim() bool { return r.Kind == KindClaim }

// Reader reads one partition. It outlives the broker's restarts, and ends with
// an error where messages would be skipped. It is not safe for concurrent use.
type Reader struct {
	broker   Broker
	topic    string
	log      *slog.Logger
	progress Progress
	source   Log
	cursor   Cursor
	dropped  Dropped
}

// Dropped counts the messages that a reader did not hand out.
type Dropped struct {
	Doubled uint64 // sent again after a lost confirm
	Stale   uint64 // written by an owner that had lost its claim
}

// Read reads a partition after what was read already. It fails with ErrRecreated,
// ErrTrimmed or ErrTruncated if the log does not go on from there.
func Read(ctx context.Context, b Broker, topic string, from Progress, log *slog.Logger) (*Reader, error) {
	r := &Reader{broker: b, topic: topic, progress: from.clone(), log: log.With("topic", topic, "partition", from.Partition)}
	if err := r.open(ctx); err != nil {
		return nil, err
	}
	return r, nil
}

func (r *Reader) open(ctx context.Context) error {
	source, err := r.broker.Open(ctx, r.topic, r.progress.Partition)
	if err != nil {
		return err
	}
	if err := r.compare(ctx, source); err != nil {
		return err
	}
	r.source = source
	r.cursor, err = source.Read(ctx, r.progress.Next)
	return err
}

// compare holds the log against what was read of it, or begins with it.
func (r *Reader) compare(ctx context.Context, source Log) error {
	for tries := 1; ; tries++ {
		b, err := source.Bounds(ctx)
		if err != nil {
			return err
		}
		if r.progress.Log == "" {
			r.progress.Log, r.progress.Next = b.ID, b.First
		}
		err = r.progress.check(r.topic, b)
		if !errors.Is(err, ErrTruncated) || tries == lagTries {
			return err
		}
		// A replica may lag behind the one that was read from before.
		if _, err := pause(ctx, lagPause); err != nil {
			return err
		}
	}
}

// Next waits for the next record. While the broker is away it waits too; end it by
// the context, after which Next may be called again.
func (r *Reader) Next(ctx context.Context) (Record, error) {
	record, _, err := r.NextBefore(ctx, math.MaxUint64)
	return record, err
}

// NextBefore is Next for a reader that goes as far as a Bounds.Next and no
// further: false once all below that offset was read.
func (r *Reader) NextBefore(ctx context.Context, end uint64) (Record, bool, error) {
	for r.progress.Next < end {
		m, err := r.fetch(ctx)
		if err != nil {
			return Record{}, false, err
		}
		if m.Offset < r.progress.Next {
			continue
		}
		if m.Offset > r.progress.Next {
			// Brokers spend offsets on their own, and skip what they removed.
			if err := r.compare(ctx, r.source); err != nil {
				if !errors.Is(err, ErrUnavailable) {
					return Record{}, false, err
				}
				r.closeCursor()
				continue
			}
		}
		switch r.progress.take(m) {
		case deliver:
			at := Position{Log: r.progress.Log, Partition: r.progress.Partition, Offset: m.Offset}
			return Record{Message: m.Message, Position: at, Packed: m.Packed.held(m.Body)}, true, nil
		case doubled:
			r.dropped.Doubled++
		case stale:
			r.dropped.Stale++
			r.log.Warn("skipped a batch of an owner that had lost its claim", "offset", m.Offset, "epoch", m.Epoch)
		}
	}
	return Record{}, false, nil
}

// fetch gets a message, reconnecting as long as it takes.
func (r *Reader) fetch(ctx context.Context) (Stored, error) {
	for wait := firstPause; ; {
		var m Stored
		var err error
		if r.cursor == nil {
			err = r.open(ctx)
		}
		if err == nil {
			m, err = r.cursor.Next(ctx)
		}
		switch {
		case err == nil:
			return m, nil
		case ctx.Err() != nil:
			return m, ctx.Err()
		}
		r.closeCursor()
		if !errors.Is(err, ErrUnavailable) {
			return m, err
		}
		r.log.Warn("reading is interrupted", "err", err, "again_in", wait)
		if wait, err = pause(ctx, wait); err != nil {
			return m, err
		}
	}
}

// Progress is how far the partition was read: up to and with the record that Next
// returned last.
func (r *Reader) Progress() Progress { return r.progress.clone() }

// Dropped counts what was not handed out since Read.
func (r *Reader) Dropped() Dropped { return r.dropped }

func (r *Reader) closeCursor() {
	if r.cursor != nil {
		_ = r.cursor.Close()
		r.cursor = nil
	}
}

// Close ends the reading.
func (r *Reader) Close() { r.closeCursor() }
