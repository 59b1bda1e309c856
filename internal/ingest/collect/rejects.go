package collect

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/tiendi/tiendi/internal/broker"
)

// stall is how long nothing comes before the log's bounds are looked at again: what
// was to come may have been removed, by its age.
const stall = 5 * time.Second

// Rejects is the topic of rejected events, for reading.
type Rejects struct {
	Broker     broker.Broker
	Topic      string
	Partitions int
	Log        *slog.Logger
}

// Each hands out what the topic holds when it is called, with its line, partition
// by partition, each from its beginning. The line is good until the next one.
func (s *Rejects) Each(ctx context.Context, do func(r *Reject, line []byte) error) error {
	for p := range s.Partitions {
		if err := s.partition(ctx, p, do); err != nil {
			return err
		}
	}
	return nil
}

func (s *Rejects) partition(ctx context.Context, number int, do func(*Reject, []byte) error) error {
	log, err := s.Broker.Open(ctx, s.Topic, number)
	if err != nil {
		return err
	}
	bounds, err := log.Bounds(ctx)
	if err != nil {
		return err
	}
	at := broker.Progress{Log: bounds.ID, Partition: number, Next: bounds.First}
	for end := bounds.Next; at.Next < end; {
		at, err = s.read(ctx, at, end, do)
		switch {
		case err == nil:
			continue
		case ctx.Err() != nil:
			return ctx.Err()
		case !errors.Is(err, broker.ErrTrimmed) && !errors.Is(err, context.DeadlineExceeded):
			return err
		}
		if bounds, err = log.Bounds(ctx); err != nil {
			return err
		}
		at.Next = max(at.Next, bounds.First)
	}
	return nil
}

// read goes on from there until the end, and says how far it came.
func (s *Rejects) read(ctx context.Context, from broker.Progress, end uint64, do func(*Reject, []byte) error) (broker.Progress, error) {
	reader, err := broker.Read(ctx, s.Broker, s.Topic, from, s.Log)
	if err != nil {
		return from, err
	}
	defer reader.Close()
	for {
		record, ok, err := nextBefore(ctx, reader, end)
		if err != nil || !ok {
			return reader.Progress(), err
		}
		if err := s.lines(record, do); err != nil {
			return reader.Progress(), err
		}
	}
}

func nextBefore(ctx context.Context, reader *broker.Reader, end uint64) (broker.Record, bool, error) {
	ctx, cancel := context.WithTimeout(ctx, stall)
	defer cancel()
	return reader.NextBefore(ctx, end)
}

func (s *Rejects) lines(record broker.Record, do func(*Reject, []byte) error) error {
	at := record.Position
	for line := range bytes.Lines(record.Body) {
		r, err := parseReject(line)
		if err != nil {
			s.Log.Warn("a line of the topic is passed over", "topic", s.Topic, "position", at, "err", err)
		} else if err := do(r, bytes.TrimSpace(line)); err != nil {
			return err
		}
		at.Index++
	}
	return nil
}
