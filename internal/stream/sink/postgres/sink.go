package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/postgres"
	"github.com/tiendi/tiendi/internal/stream/record"
	"github.com/tiendi/tiendi/internal/stream/sink"
)

// rowsAtOnce bounds the arrays of one statement.
const rowsAtOnce = 8192

// Sink is a sink.Target.
type Sink struct {
	db   *postgres.DB
	days *time.Location
	keep time.Duration
}

// New takes a database that has been migrated, and the project's time zone, whose
// days the daily windows are. keep is for how long rows are kept, by the beginning of
// their window or session; 0 is for ever.
func New(db *postgres.DB, days *time.Location, keep time.Duration) *Sink {
	return &Sink{db: db, days: days, keep: keep}
}

// Applied implements sink.Target.
func (s *Sink) Applied(ctx context.Context, partition int) (at broker.Progress, err error) {
	var text []byte
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		const query = "SELECT progress FROM tiendi.stream_applied WHERE topic = $1 AND partition = $2"
		return tx.QueryRow(ctx, query, record.TopicAggregated, partition).Scan(&text)
	})
	if errors.Is(err, pgx.ErrNoRows) {
		return broker.Progress{Partition: partition}, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &at)
	}
	if err != nil {
		return broker.Progress{}, fmt.Errorf("position of %s, partition %d: %w", record.TopicAggregated, partition, err)
	}
	return at, nil
}

// Apply implements sink.Target.
func (s *Sink) Apply(ctx context.Context, from, to broker.Progress, publications []*record.Publication) error {
	b, err := newBatch(publications)
	if err == nil {
		err = s.db.Tx(ctx, func(tx pgx.Tx) error {
			if err := move(ctx, tx, from, to); err != nil {
				return err
			}
			return s.write(ctx, tx, to.Partition, b)
		})
	}
	if err != nil {
		return fmt.Errorf("write %s, partition %d: %w", record.TopicAggregated, to.Partition, err)
	}
	return nil
}

// move writes the position, and keeps others from the partition until the
// transaction ends.
func move(ctx context.Context, tx pgx.Tx, from, to broker.Progress) error {
	progress, err := json.Marshal(to)
	if err != nil {
		return err
	}
	if max(from.Next, to.Next) > math.MaxInt64 {
		return fmt.Errorf("offset %d is larger than PostgreSQL's integers", max(from.Next, to.Next))
	}
	sql, arguments := `INSERT INTO tiendi.stream_applied (topic, partition, log, next, progress) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (topic, partition) DO NOTHING`, []any{record.TopicAggregated, to.Partition, to.Log, to.Next, progress}
	if from.Log != "" {
		sql = `UPDATE tiendi.stream_applied SET log = $3, next = $4, progress = $5
			WHERE topic = $1 AND partition = $2 AND log = $6 AND next = $7`
		arguments = append(arguments, from.Log, from.Next)
	}
	tag, err := tx.Exec(ctx, sql, arguments...)
	if err == nil && tag.RowsAffected() == 0 {
		err = fmt.Errorf("%w than offset %d of log %q", sink.ErrMoved, from.Next, from.Log)
	}
	return err
}

func (s *Sink) write(ctx context.Context, tx pgx.Tx, partition int, b *batch) error {
	for _, part := range b.minutes(rowsAtOnce) {
		if err := part.writeMinutes(ctx, tx, partition); err != nil {
			return err
		}
	}
	for _, part := range b.days(rowsAtOnce) {
		if err := part.writeDays(ctx, tx, partition, s.days); err != nil {
			return err
		}
	}
	for _, part := range b.sessionParts(rowsAtOnce) {
		if err := part.write(ctx, tx); err != nil {
			return err
		}
	}
	return nil
}
